"""Where the text of a container ends. What follows is no part of the article: teasers, comments, notices."""

import re
from collections.abc import Collection

from khobor.extract.bylines import begins_with_label
from khobor.extract.layout import (
    BREAK,
    HEADINGS,
    SHORTEST_HEADLINE,
    Box,
    Layout,
    Piece,
    ancestors_or_self,
    ends_as_question,
    leads_within_page,
    parent_of,
)
from khobor.extract.sentences import claims_copyright, heads_comments
from khobor.extract.text import UNSPACED_SCRIPTS, comparable, text_of

# If one box contains so much of the prose, what follows it is not part of the article.
_NEARLY_ALL = 0.7
# Largest share of the prose after a line that ends the article. Comments and teasers are often longer than the news.
_MOST_AFTER_END = 0.8
# So many questions with answers follow a text, with little between them.
_FEWEST_QUESTIONS = 3
_MOST_BETWEEN_QUESTIONS = 3
_LISTS = frozenset({"ul", "ol", "dl"})
# The heading of a teaser is a link with at least so much of its text.
_MOST_LINKED = 0.8
# A menu has so many links. Within the box of the text, where quoted posts have some, it has so many.
_FEWEST_LINKS = 5
_FEWEST_LINKS_WITHIN = 15
# If the boxes before a menu have less of the prose, it is a table of contents.
_LEAST_BEFORE_MENU = 0.4
# Behind the text are at most so many lines that credit somebody. More of them are a list.
_MOST_CREDITS = 3
_LONGEST_CREDIT = 80
_MAIL_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
# A request to sign in or to subscribe is no longer.
_LONGEST_REQUEST = 250
# A note with a link to the article itself is no longer, and has little besides the title.
_LONGEST_NOTE = 400
_MOST_BESIDE_TITLE = 80
# Such words within a path may be a subject: /register-of-deeds/, /newsletters/2026/the-bridge.
_ACCOUNT_PATH = re.compile(
    r"[/_?&=.-](?:log-?in|sign-?(?:in|up)|register|registration|subscribe|newsletters?)/?(?:\.\w{1,5})?(?=$|[?&#])",
    re.IGNORECASE,
)


def without_rest(pieces: list[Piece], main: frozenset[Box], sentences: set[Piece]) -> list[Piece]:
    """Return pieces without those after the main box, if that contains nearly all of the prose.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
        sentences: Pieces that are links but belong to the text, also in boxes beside these.
    """
    lengths = [len(piece.text) if piece.is_prose or piece in sentences else 0 for piece in pieces]
    own = [at for at, piece in enumerate(pieces) if lengths[at] and (piece in sentences or parent_of(piece) in main)]
    if not own or sum(lengths[at] for at in own) < _NEARLY_ALL * sum(lengths):
        return pieces
    last = parent_of(pieces[own[-1]])
    if last and last.tag in _LISTS:
        last = last.parent
    end = own[-1] + 1
    while end < len(pieces) and last and last.start <= pieces[end].box.start and pieces[end].box.end <= last.end:
        end += 1
    return pieces[: _end_of_answers(pieces, end)]


def _end_of_answers(pieces: list[Piece], start: int) -> int:
    """Return the index after the questions and answers that follow a text, the start if there are none."""
    found, end, at = 0, start, start
    while at + 1 < len(pieces) and at - end <= _MOST_BETWEEN_QUESTIONS:
        question, answer = pieces[at], pieces[at + 1]
        if answer.is_prose and not question.linked and ends_as_question(question.text):
            found += 1
            end = at + 2
            while end < len(pieces) and pieces[end].is_prose and pieces[end].box.parent is answer.box.parent:
                end += 1
            at = end
        else:
            at += 1
    return end if found >= _FEWEST_QUESTIONS else start


def before_end(
    pieces: list[Piece], ends: Collection[Piece], main: frozenset[Box], titles: frozenset[str]
) -> list[Piece]:
    """Return the pieces before a line that ends the article, if not nearly all of the prose follows it.

    Args:
        pieces: The pieces of the container.
        ends: Those that may end the article, such as "More stories".
        main: The boxes that contain most of the prose.
        titles: The page's titles as ``comparable`` returns them.
    """
    lengths = [len(piece.text) if piece.is_prose else 0 for piece in pieces]
    after = sum(lengths)
    most = _MOST_AFTER_END * after
    last = max((at for at, piece in enumerate(pieces) if lengths[at] and parent_of(piece) in main), default=0)
    for position, piece in enumerate(pieces):
        after -= lengths[position]
        if after > most:
            continue
        # Comments may be in the box of the text.
        is_above_comments = piece.box.tag in HEADINGS and after < most and heads_comments(piece.text, titles)
        if is_above_comments or (position > last and piece in ends):
            return pieces[:position]
    return pieces


def before_menu(pieces: list[Piece], main: frozenset[Box], layout: Layout) -> list[Piece]:
    """Return the pieces before the prose that a menu separates from the main boxes.

    A site shows its imprint, its rules and its other articles there.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
        layout: The page.
    """
    prose = [piece for piece in pieces if piece.is_prose]
    own = [piece for piece in prose if parent_of(piece) in main]
    if not own or own[-1] is prose[-1]:
        return pieces
    if sum(len(piece.text) for piece in own) < _LEAST_BEFORE_MENU * sum(len(piece.text) for piece in prose):
        return pieces
    known = set(prose)
    end = max(box.end for box in main)
    links = 0
    for position in range(layout.pieces.index(own[-1]) + 1, len(layout.pieces)):
        piece = layout.pieces[position]
        if piece in known:
            if links >= (_FEWEST_LINKS if position >= end else _FEWEST_LINKS_WITHIN):
                return pieces[: pieces.index(piece)]
            links = 0
        elif piece.box.tag != "p" and _is_linked(piece):
            links += not leads_within_page(piece)
    return pieces


def without_closing(pieces: list[Piece], titles: frozenset[str], authors: tuple[str, ...]) -> list[Piece]:
    """Return pieces without credits, addresses, requests to sign in, and sentences about authors after the text.

    A sentence whose link is the article's own title says where it appeared first.

    Args:
        pieces: The pieces of the article.
        titles: The page's titles as ``comparable`` returns them.
        authors: The names of its authors as ``comparable`` returns them. Sentences about one begin with the name.
    """
    full_names = tuple(f"{author} " for author in authors if " " in author)
    unspaced = tuple(
        author.replace(" ", "") for author in authors if UNSPACED_SCRIPTS.match(author) and len(author) > 1
    )
    texts = [at for at, piece in enumerate(pieces) if piece.text]
    end, credit_lines = len(texts), 0
    while end > 1:
        piece = pieces[texts[end - 1]]
        is_credit = _is_credit(piece)
        credit_lines += is_credit
        plain = comparable(piece.text) if authors else ""
        is_about_author = plain.startswith(full_names) or plain.replace(" ", "").startswith(unspaced)
        if not (is_credit or is_about_author or _asks_to_sign_in(piece) or _links_title(piece, titles)):
            break
        if credit_lines > _MOST_CREDITS:
            return pieces
        end -= 1
    return pieces if end == len(texts) else pieces[: texts[end]]


def _is_credit(piece: Piece) -> bool:
    """Whether a piece is a label such as "Source:" and a name, an e-mail address, or a notice about copyright."""
    text = piece.text
    if len(text) > _LONGEST_CREDIT or piece.box.tag in HEADINGS or piece.box.in_group:
        return False
    if _MAIL_ADDRESS.fullmatch(text) or claims_copyright(text):
        return True
    return all(map(begins_with_label, text.split(BREAK)))


def _links_title(piece: Piece, titles: frozenset[str]) -> bool:
    if not piece.linked or len(piece.text) > _LONGEST_NOTE:
        return False
    texts = (comparable(text_of(link)) for link in piece.links)
    return any(
        len(text) >= SHORTEST_HEADLINE and text in titles and len(piece.text) - len(text) <= _MOST_BESIDE_TITLE
        for text in texts
    )


def _asks_to_sign_in(piece: Piece) -> bool:
    if len(piece.text) > _LONGEST_REQUEST:
        return False
    return any(_ACCOUNT_PATH.search((link.get("href") or "")[:_LONGEST_REQUEST]) for link in piece.links)


def without_teasers(pieces: list[Piece], main: frozenset[Box]) -> list[Piece]:
    """Return pieces without the list of teasers after the text, whose items have linked headings.

    A list that is longer than the text is the text: a directory, or a list of events.

    Args:
        pieces: The pieces of the container.
        main: The boxes that contain most of the prose.
    """
    own = [at for at, piece in enumerate(pieces) if piece.is_prose and parent_of(piece) in main]
    after = pieces[own[-1] + 1 :] if own else []
    items = {item for piece in after if _is_linked_heading(piece) and (item := _item_of(piece))}
    if not items:
        return pieces
    teasers = {piece for piece in after if not items.isdisjoint(ancestors_or_self(piece.box))}
    if sum(len(piece.text) for piece in teasers) > sum(len(pieces[at].text) for at in own):
        return pieces
    return [piece for piece in pieces if piece not in teasers]


def _is_linked_heading(piece: Piece) -> bool:
    is_heading = piece.box.tag in HEADINGS and piece.box.in_group and len(piece.text) >= SHORTEST_HEADLINE
    return is_heading and _is_linked(piece)


def _is_linked(piece: Piece) -> bool:
    return 0 < piece.linked >= _MOST_LINKED * len(piece.text)


def _item_of(piece: Piece) -> Box | None:
    """Return the innermost list item around a piece."""
    return next((box for box in ancestors_or_self(piece.box) if box.tag == "li"), None)
