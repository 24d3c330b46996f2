"""Which pieces of the container belong to the article."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from khobor.counters import is_counter
from khobor.extract.class_names import BYLINE, DATE, DEK, KICKER, TAGS
from khobor.extract.entries import find_entries
from khobor.extract.layout import (
    BREAK,
    HEADINGS,
    SENTENCE_ENDS,
    SHORTEST_HEADLINE,
    Box,
    Layout,
    Piece,
    ancestors_or_self,
    credits_quote,
    first_line,
    parent_of,
)
from khobor.extract.sentences import ends_article, is_script, leads_away
from khobor.extract.text import comparable, is_one_of, length_of, text_of
from khobor.extract.text_end import (
    before_end,
    before_menu,
    without_closing,
    without_rest,
    without_teasers,
)
from khobor.extract.text_span import ANNOUNCING, MOST_WRAPPERS, trimmed
from khobor.extract.title_place import start_of_article, without_title_lines

# Largest shares of linked characters in a paragraph, in a label, and in a long text.
_MOST_LINKED = 0.8
_MOST_LINKED_LABEL = 0.5
_MOST_LINKED_LONG = 0.9
_LONG_TEXT = 200
# The longest label in the article's front matter.
_LONGEST_LABEL = 200
_LABELS = BYLINE | DATE | TAGS | KICKER
# A shorter text is a label, except in a paragraph, or where it opens the part below it.
_SHORTEST_LOOSE = 40
_OWN_LINES = ("p", "summary")
# The initials of authors and editors on a line of their own: (tk), rb/ck, এসআই/এমএস, /এমএন.
_NAME = r"[^\W\d_][^\s\d/().,:;!?-]{0,11}"
_INITIALS = re.compile(rf"\([a-zA-Z/, -]{{2,15}}\)|/?{_NAME}(?:/{_NAME}){{1,5}}/?|/{_NAME}|{_NAME}/")
_DIGIT = re.compile(r"\d")
CLOCK = re.compile(r"(?<!\d)[0-2]?\d[:.h][0-5]\d(?!\d)")
# An articleBody in JSON-LD counts if it is so long and has so large a share of the text. Paragraphs are compared by
# their first characters.
_SHORTEST_ARTICLE_BODY = 400
_LEAST_CONFIRMED = 0.75
_KEY_LENGTH = 40
# A single one may lead to another article.
_FEWEST_LINKED_HEADINGS = 3
# So many lines with the same label lead to other articles.
_FEWEST_ALIKE = 2
# A card leads to another article: a linked headline with a summary.
_LARGEST_CARD = 700
_MOST_ON_CARD = 30
_LONGEST_SUMMARY = 600
_MOST_SUMMARY = 0.8
_FULL_STOPS = (".", "!", "?", "…", "।", "。", "！", "？", "؟", "۔")
# Shorter paragraphs may be repeated on purpose.
_SHORTEST_DUPLICATE = 80


def article_pieces(layout: Layout, container: Box, titles: frozenset[str], authors: tuple[str, ...]) -> list[Piece]:
    """Return the pieces of a container that belong to the article, in order.

    Args:
        layout: The page.
        container: The box that contains the body.
        titles: The page's titles as ``comparable`` returns them. Repetitions of them are left out.
        authors: The names of the authors in the same form. A line with one of them is left out.
    """
    start = start_of_article(layout, container, titles)
    inside = [
        piece
        for at, piece in enumerate(layout.pieces[start : container.end], start)
        if at not in layout.comments and not piece.box.is_outside
    ]
    # Without sentences, lines are the text and no labels.
    entries = find_entries(layout, container, titles)
    main = _main(inside, container) or _rows_of(inside)
    sentences = _linked_sentences(inside)
    before = before_menu(without_rest(inside, main, sentences), main, layout)
    parts = main | entries.boxes
    own = [
        piece
        for piece in without_teasers(before, main | entries.parents)
        if not _is_in_card(piece, layout, container, parts, sentences)
    ]
    own = _without_repeated_labels(without_title_lines(own, titles))
    ends = {piece for piece in own if ends_article(first_line(piece))}
    always = _linked_headings(own, main) | entries.headings | sentences
    kept = [
        piece
        for piece in _without_duplicates(before_end(own, ends, main, titles))
        if piece.media is not None or piece in always or _belongs(piece, ends, titles, authors, main)
    ]
    return without_closing(trimmed(_without_counters(kept, sentences), sentences, main), titles, authors)


def confirmed_pieces(pieces: list[Piece], article_body: str) -> list[Piece]:
    """Return pieces without the paragraphs that JSON-LD's articleBody does not have.

    All pieces are returned if the articleBody and the paragraphs differ too much.

    Args:
        pieces: The pieces of the article.
        article_body: The articleBody as ``comparable`` returns it.
    """
    if len(article_body) < _SHORTEST_ARTICLE_BODY:
        return pieces
    keys = [
        comparable(piece.text)[:_KEY_LENGTH] if piece.is_prose and not piece.box.in_group else "" for piece in pieces
    ]
    known = [not key or key in article_body for key in keys]
    confirmed = sum(
        len(piece.text) for piece, key, is_known in zip(pieces, keys, known, strict=True) if key and is_known
    )
    total = sum(len(piece.text) for piece, key in zip(pieces, keys, strict=True) if key)
    if confirmed < _LEAST_CONFIRMED * max(total, len(article_body)):
        return pieces
    return [piece for piece, is_known in zip(pieces, known, strict=True) if is_known]


def _linked_headings(pieces: list[Piece], main: frozenset[Box]) -> set[Piece]:
    """Return the linked headings that belong to the text: there are several, each before a paragraph in its box."""
    found: set[Piece] = set()
    heading: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        beside = heading.box.parent if heading else None
        # Pictures cut a text into equal boxes, also between a heading and its paragraphs.
        is_own = parent_of(piece) in main and (beside is parent_of(piece) or _are_equal(beside, parent_of(piece)))
        if heading and (is_own or (piece.is_prose and _is_part(piece, beside, main))):
            found.add(heading)
        # In a part with a box of its own, labels may stand between its heading and its first paragraph.
        if piece.box.tag in HEADINGS:
            heading = piece
        elif piece.is_prose or beside in main:
            heading = None
    found = {piece for piece in found if piece.linked}
    return found if len(found) >= _FEWEST_LINKED_HEADINGS else set()


def _are_equal(box: Box | None, other: Box | None) -> bool:
    """Whether two boxes have the same tag and class, and are beside each other."""
    if box is None or other is None or box.parent is not other.parent or box.tag != other.tag:
        return False
    names = box.element.get("class")
    return bool(names) and names == other.element.get("class")


def _is_part(piece: Piece, box: Box | None, main: frozenset[Box]) -> bool:
    """Whether a paragraph in a main box is within a box, at most so many boxes deep."""
    around = islice(ancestors_or_self(parent_of(piece)), MOST_WRAPPERS)
    return parent_of(piece) in main and any(each is box for each in around)


def _linked_sentences(pieces: list[Piece]) -> set[Piece]:
    """Return the sentences that are links as a whole and belong to the text: not more than the unlinked ones."""
    found = {piece for piece in pieces if piece.linked and not piece.is_prose and _is_sentence(piece)}
    if not found:
        return found
    beside: dict[Box | None, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.box.tag == "p" and (piece.is_prose or piece in found):
            beside[_row_of(piece)].append(piece)
    most = max(beside.values(), key=lambda row: sum(len(piece.text) for piece in row if piece.is_prose), default=[])
    linked = found.intersection(most)
    return linked if 2 * len(linked) <= len(most) else set()


def _row_of(piece: Piece) -> Box | None:
    """Return the box with the paragraph and those beside it, even if each of them has wrappers of its own."""
    box = piece.box
    for parent in islice(ancestors_or_self(box.parent), MOST_WRAPPERS):
        if parent.end - parent.start > 1:
            return parent
    return box.parent


def _is_sentence(piece: Piece) -> bool:
    text = piece.text
    is_whole = piece.box.tag == "p" and len(text) >= _SHORTEST_DUPLICATE and text.endswith(_FULL_STOPS)
    return is_whole and not piece.box.in_group and not leads_away(text)


def _without_duplicates(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield pieces without repeated paragraphs, which are on pages made for two screen widths."""
    seen: set[tuple[bool, str]] = set()
    for piece in pieces:
        if len(piece.text) >= _SHORTEST_DUPLICATE:
            # A heading may repeat an item of a table of contents.
            key = piece.box.tag in HEADINGS, piece.text
            if key in seen:
                continue
            seen.add(key)
        yield piece


def _main(pieces: list[Piece], container: Box) -> frozenset[Box]:
    """Return the box that contains most of the prose, and those beside it with the same classes.

    Pictures and adverts cut a text into such boxes.
    """
    lengths: dict[Box, int] = defaultdict(int)
    summary = 0
    for piece in pieces:
        if piece.is_prose and (parent := parent_of(piece)) is not None:
            lengths[parent] += len(piece.text)
            summary += len(piece.text) if piece.box.meaning & DEK else 0
    if 0 < summary <= _LONGEST_SUMMARY and summary < _MOST_SUMMARY * sum(lengths.values()):
        # The paragraphs of a short article may be shorter than its summary.
        lengths = {box: length for box, length in lengths.items() if not box.meaning & DEK} or lengths
    most = max(lengths, key=lambda box: lengths[box], default=None)
    if most is None:
        return frozenset()
    around, names = _wrappers(most, container)
    if not any(classes for _, classes in names):
        return frozenset({most})
    alike = frozenset(box for box in lengths if _wrappers(box, container) == (around, names))
    # Paragraphs may also be directly in the box around them.
    return alike | {around} if len(alike) > 1 else alike


def _rows_of(pieces: list[Piece]) -> frozenset[Box]:
    """Return the boxes of the texts that are no links, for an article without sentences."""
    return frozenset(piece.box for piece in pieces if piece.text and not piece.linked)


def _wrappers(box: Box, container: Box) -> tuple[Box, list[tuple[str, str | None]]]:
    """Return the box around a box and its wrappers within the container, and the tags and classes of these."""
    names: list[tuple[str, str | None]] = []
    for around in islice(ancestors_or_self(box), MOST_WRAPPERS):
        if around is container:
            break
        names.append((around.tag, _class_without_numbers(around)))
        box = around.parent or container
    return box, names


def _class_without_numbers(box: Box) -> str | None:
    """Return the class of a box, without the words by which boxes are numbered."""
    names = box.element.get("class")
    return names if names is None or names.isalpha() else _without_numbers(names)


@lru_cache(maxsize=4096)
def _without_numbers(names: str) -> str:
    words = names.split()
    return " ".join(word for word in words if not _DIGIT.search(word)) or _DIGIT.sub("", names)


def _belongs(
    piece: Piece, ends: set[Piece], titles: frozenset[str], authors: tuple[str, ...], main: frozenset[Box]
) -> bool:
    text, box = piece.text, piece.box
    if box.tag == "pre" or (box.tag == "figcaption" and credits_quote(piece)):
        return True
    if not box.in_group:
        is_label = not text.endswith(SENTENCE_ENDS) and box.tag not in HEADINGS
        if piece.linked:
            # A line among the paragraphs may be little more than a link: a book, a price, a reference.
            is_line = box.tag == "p" and parent_of(piece) in main and not _is_label_and_link(piece)
            if _is_link(piece, is_label=is_label and not is_line):
                return False
        if is_label and len(text) < _LONGEST_LABEL and _is_front_matter(piece, authors, main):
            return False
    is_end = piece in ends and BREAK not in text
    if box.meaning & KICKER or is_end or leads_away(text) or _is_initials(text) or is_script(text):
        return False
    return bool(box.meaning & DEK) or len(text) > 2 * _LONG_TEXT or not is_one_of(first_line(piece), titles)


def _is_initials(text: str) -> bool:
    # Few lines have one of these signs.
    return ("/" in text or text[:1] == "(") and _INITIALS.fullmatch(text) is not None


def _is_label_and_link(piece: Piece) -> bool:
    """Whether a piece is a label with a colon and a link behind it, as lines to other articles are."""
    return len(piece.links) == 1 and piece.text[: -piece.linked].rstrip().endswith(ANNOUNCING)


def _without_repeated_labels(pieces: list[Piece]) -> list[Piece]:
    """Return pieces without the lines that lead to other articles: one label before the headlines of several."""
    lines: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if (
            piece.linked
            and len(piece.links) == 1
            and not piece.box.in_group
            and length_of(piece.text) <= _LONGEST_LABEL
        ):
            label = piece.text[: -piece.linked].rstrip()
            if label and not label[-1].isalnum() and _is_headline(piece):
                lines[comparable(label)].append(piece)
    away = {piece for label, alike in lines.items() if label and len(alike) >= _FEWEST_ALIKE for piece in alike}
    return [piece for piece in pieces if piece not in away] if away else pieces


def _is_headline(piece: Piece) -> bool:
    """Whether a piece ends with a link that is as long as a headline, and no address."""
    text = piece.text[-piece.linked :]
    return (
        length_of(text) >= SHORTEST_HEADLINE and text_of(piece.links[0]) == text and (" " in text or not text.isascii())
    )


def _is_link(piece: Piece, *, is_label: bool) -> bool:
    length = len(piece.text)
    most = _MOST_LINKED_LONG if length >= _LONG_TEXT else _MOST_LINKED_LABEL if is_label else _MOST_LINKED
    return piece.linked > most * length


def _is_front_matter(piece: Piece, authors: tuple[str, ...], main: frozenset[Box]) -> bool:
    """Whether a label gives an author or a date, or is a short text outside paragraph elements and the main box."""
    text, box = piece.text, piece.box
    is_loose = box.tag not in _OWN_LINES and box not in main and len(text) < _SHORTEST_LOOSE
    if is_loose or box.meaning & _LABELS or CLOCK.search(text):
        return True
    if not authors:
        return False
    plain = comparable(text)
    return any(author in plain and len(author) > len(plain) // 2 for author in authors)


def _is_in_card(piece: Piece, layout: Layout, container: Box, main: frozenset[Box], sentences: set[Piece]) -> bool:
    """Whether a piece is beside a linked headline in a small box that is not the article's own.

    Args:
        piece: The piece.
        layout: The page.
        container: The box that contains the body.
        main: The boxes that contain most of the prose, and those that are entries of the article.
        sentences: Pieces that are links but belong to the text.
    """
    box: Box | None = piece.box
    if parent_of(piece) in main:
        return False
    while box is not None and box is not container and box not in main and box.end - box.start <= 1:
        box = box.parent
    if box is None or box is container or box in main or box.in_group or box.end - box.start > _MOST_ON_CARD:
        return False
    beside = layout.pieces[box.start : box.end]
    if sum(len(other.text) for other in beside) > _LARGEST_CARD:
        return False
    return any(
        length_of(other.text) >= SHORTEST_HEADLINE and other.linked >= _MOST_LINKED * len(other.text)
        for other in beside
        if other not in sentences
    )


def _without_counters(pieces: list[Piece], sentences: set[Piece]) -> list[Piece]:
    """Return pieces without the counters before the first sentence and after the last one.

    Between sentences such a line may belong to the article.
    """
    prose = [at for at, piece in enumerate(pieces) if piece.is_prose or piece in sentences]
    first, last = (prose[0], prose[-1]) if prose else (len(pieces), len(pieces))
    return [piece for at, piece in enumerate(pieces) if first <= at <= last or not is_counter(piece.text)]
