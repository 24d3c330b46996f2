"""The blocks of a body: paragraphs, headings, quotes, lists, tables, images, embeds, code."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import groupby, islice, pairwise

from lxml import etree

from khobor.article import Block, Image, Link, Video
from khobor.counters import is_counter
from khobor.extract.class_names import CAPTION
from khobor.extract.document import Document
from khobor.extract.images import image_of, split_credit
from khobor.extract.layout import (
    BREAK,
    GROUPS,
    HEADINGS,
    PARAGRAPHS,
    SENTENCE_ENDS,
    Box,
    Layout,
    Piece,
    ancestors_or_self,
    credits_quote,
    leads_within_page,
    parent_of,
)
from khobor.extract.sentences import leads_away
from khobor.extract.text import clean, length_of, text_of
from khobor.site import is_same_site

_FRAMES = frozenset({"iframe", "embed", "object", "amp-youtube", "amp-twitter", "amp-instagram"})
_VIDEOS = frozenset({"video", "amp-video"})
_ITEMS = frozenset({"li", "dt", "dd"})
# Groups whose text is that of their element, not that of its pieces.
_WHOLE = frozenset({"pre", "table"})
_VIDEO_HOSTS = re.compile(r"youtube|youtu\.be|vimeo|dailymotion|facebook\.com/plugins/video|jwplayer|brightcove|player")
_SOCIAL = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed")
# A shorter line that ends like a sentence may be a line of verse, not a paragraph.
_SHORTEST_LINE = 60
_IMAGE_AND_TEXT = 2
_MOST_IN_FIGURE = 3
_LONGEST_CAPTION = 200
_CELLS = frozenset({"td", "th"})
# A longer text among others is a paragraph, even if it ends with a credit.
_LONGEST_FIGURE_TEXT = 400
# A paragraph with more sentences is no caption, even if it ends with a credit.
_MOST_SENTENCES = 3
_SENTENCE_END = re.compile(r"[.!?…](?=\s)|[।。！？؟۔]")
_ANNOUNCING = (":", "：")
_FULL_STOPS = (".", "!", "?", "…", "।", "。", "؟", "۔")
# A list, or a row of a table, with a larger share of links is navigation.
_MOST_LINKED = 0.5
# So many links of a list are compared with the address of the page.
_MOST_LINKS = 50
_LAYOUT_TAGS = ("p", "div", "ul", "h2", "h3", "pre")
# What preformatted text contains, or how it is named, if it is code.
_CODE_TAGS = ("code", "kbd", "samp")
_CODE_NAMES = re.compile(r"code|highlight|syntax|brush|lang|source|prettyprint|terminal|console", re.IGNORECASE)

_PARAGRAPH_END = re.compile(r"\n[ \t\r\f\v]*+\n")
_NUMBERS = re.compile(r"[\d\s]*")

Rows = tuple[tuple[str, ...], ...]


class BlockReader:
    """Makes blocks from the pieces of one body.

    Args:
        document: The page.
        layout: The layout that the body is in.
        container: The box that contains the body.

    Attributes:
        blocks: In order.
        links: The links in paragraphs.
        videos: The videos.
    """

    def __init__(self, document: Document, layout: Layout, container: Box) -> None:
        self._document = document
        self._pieces = layout.pieces
        self._container = container
        self._tables: dict[Box, Rows] = {}
        self.blocks: list[Block] = []
        self.links: list[Link] = []
        self.videos: list[Video] = []
        self._only: Piece | None = None
        self._has_text_below_images = False
        # Where the last group ends that was added as a whole. Of groups without number within each other, the outermost
        # one around an inner piece is not known.
        self._added_until = 0
        self._images: set[str] = set()
        self._video_urls: set[str] = set()

    def read(self, pieces: Iterable[Piece]) -> None:
        """Add the blocks of pieces, which must be in order."""
        pieces = list(pieces)
        prose = list(islice((piece for piece in pieces if piece.is_prose), 2))
        self._only = prose[0] if len(prose) == 1 else None
        self._has_text_below_images = self._is_below_images(pieces)
        for group, members in groupby(pieces, key=self._group):
            if group is not None:
                if group.start >= self._added_until:
                    self._added_until = group.end if group.tag in _WHOLE else 0
                    self._add_group(group, list(members))
                continue
            before: Piece | None = None
            for piece in members:
                if piece.media is not None:
                    self._add_media(piece.media)
                    self._add_caption(piece)
                elif self._is_caption(piece, before):
                    self._set_caption(piece.text)
                else:
                    self._add_text(piece)
                before = piece

    def _group(self, piece: Piece) -> Box | None:
        """Return the outermost list, quote or data table around a piece, within the container."""
        group = None
        for box in ancestors_or_self(piece.box) if piece.box.in_group else ():
            if box is self._container:
                break
            if box.tag in GROUPS and (box.tag != "table" or self._rows(box)):
                group = box
        return group

    def _rows(self, table: Box) -> Rows:
        """Return the cells of a data table, empty for a layout table."""
        if table not in self._tables:
            self._tables[table] = _rows(table.element)
        return self._tables[table]

    def _add_group(self, group: Box, pieces: list[Piece]) -> None:
        if group.tag == "table":
            rows = self._rows(group)
            if not _is_left_out(rows, pieces):
                self._add(Block(kind="table", text="\n".join(" | ".join(row) for row in rows), rows=rows))
            return
        for piece in pieces:
            if piece.media is not None:
                self._add_media(piece.media)
        if group.tag == "pre":
            self._add_preformatted(group.element, pieces)
        elif group.tag != "blockquote":
            self._add_list(group, pieces)
        elif _SOCIAL.search(group.element.get("class") or ""):
            links = [self._document.resolve(link.get("href")) for piece in pieces for link in piece.links]
            self._add_embed(next(filter(None, reversed(links)), None), _joined(pieces))
        else:
            self._add(Block(kind="quote", text=_joined(pieces)))

    def _add_preformatted(self, element: etree._Element, pieces: list[Piece]) -> None:
        """Add code, or paragraphs if the text is prose. Old pages have their articles in such elements."""
        whole = _preformatted_text(element)
        if not _is_code(element) and any(piece.is_prose for piece in pieces):
            for text in _PARAGRAPH_END.split(whole):
                self._add(Block(kind="paragraph", text=clean(text)))
            return
        text = "\n".join(map(str.rstrip, whole.splitlines())).strip("\n")
        # Numbers alone are those of the lines of the code beside them.
        if not _NUMBERS.fullmatch(text):
            self._add(Block(kind="code", text=text))

    def _is_introduced(self, group: Box) -> bool:
        """Whether a list stands between paragraphs, and the one before it introduces it or it leads to other sites."""
        before = self._pieces[group.start - 1] if group.start else None
        first, last = self._spans.get(group.parent, (group.start, group.start))
        if before is None or not first < group.start < last or leads_away(before.text):
            return False
        inside = self._pieces[group.start : group.end]
        if before.is_prose and before.text.endswith(_ANNOUNCING):
            return not all(map(leads_within_page, inside))
        return self._leads_elsewhere([link for piece in inside for link in piece.links])

    def _leads_elsewhere(self, links: list[etree._Element]) -> bool:
        """Whether all links lead to other sites, so that they are neither navigation nor other articles."""
        own = self._document.url
        targets = [self._document.resolve(link.get("href")) for link in links[:_MOST_LINKS]]
        return bool(own and targets) and all(target and not is_same_site(target, own or "") for target in targets)

    @cached_property
    def _spans(self) -> dict[Box | None, tuple[int, int]]:
        """Where the first and the last sentences directly in a box are, for each box in the container."""
        spans: dict[Box | None, tuple[int, int]] = {}
        for position in range(self._container.start, self._container.end):
            piece = self._pieces[position]
            if piece.is_prose and not piece.box.in_group:
                first, _ = spans.get(parent_of(piece), (position, position))
                spans[parent_of(piece)] = (first, position)
        return spans

    def _add_list(self, group: Box, pieces: list[Piece]) -> None:
        """Add a list unless it is navigation: links that nothing introduces. The pieces of one item are one item."""
        items = tuple(filter(None, (_joined(members) for _, members in groupby(pieces, key=_item))))
        text = "\n".join(items)
        has_few_links = sum(piece.linked for piece in pieces) < _MOST_LINKED * len(text)
        if items and (has_few_links or self._is_introduced(group)):
            self._add(Block(kind="list", text=text, items=items))

    def _add_text(self, piece: Piece) -> None:
        level = HEADINGS.get(piece.box.tag)
        if level:
            self._add(Block(kind="heading", text=clean(piece.text.replace(BREAK, " ")), level=level))
            return
        added = [self._add(Block(kind="paragraph", text=text)) for text in _paragraphs(piece.text)]
        if piece.links and any(added):
            self.links += [
                Link(url=url, text=text)
                for link in piece.links
                if (text := text_of(link)) and (url := self._document.resolve(link.get("href")))
            ]

    def _add_media(self, element: etree._Element) -> None:
        if element.tag == "amp-youtube" and element.get("data-videoid"):
            self._add_embed(f"https://www.youtube.com/embed/{element.get('data-videoid')}", "")
        elif element.tag in _FRAMES:
            source = element.get("src") or element.get("data-src") or element.get("data")
            self._add_embed(self._document.resolve(source), clean(element.get("title")))
        elif element.tag in _VIDEOS:
            sources = [element.get("src"), *(source.get("src") for source in element.iter("source"))]
            if url := next(filter(None, map(self._document.resolve, sources)), None):
                self._add_video(Video(url=url))
                self._add_embed(url, "")
        elif (image := image_of(self._document, element)) and image.url not in self._images:
            self._images.add(image.url)
            self.blocks.append(Block(kind="image", text=image.caption or "", image=image))

    def _add_caption(self, image: Piece) -> None:
        """Set the caption that stands in the box of an image. It may precede the text, where nothing short is read."""
        box = image.box
        if box is self._container or box.end - box.start > _MOST_IN_FIGURE:
            return
        for piece in self._pieces[box.start : box.end]:
            if piece.box.meaning & CAPTION and piece.media is None:
                self._set_caption(piece.text)

    def _is_caption(self, piece: Piece, before: Piece | None) -> bool:
        """Whether a piece has a caption's class, or follows an image and ends with a credit or belongs to its box."""
        if piece.box.meaning & CAPTION:
            return not credits_quote(piece)
        # The only sentences of an article are its text, even below a photo.
        if before is None or piece is self._only or not self.blocks or self.blocks[-1].image is None:
            return False
        beside = parent_of(piece)
        if length_of(piece.text) > _LONGEST_FIGURE_TEXT and beside and not _is_figure(beside):
            return False
        caption, credit = split_credit(piece.text)
        # A paragraph may end with a credit, too.
        if credit and _count_sentences(caption or "") <= _MOST_SENTENCES:
            return True
        if piece.is_prose and self._has_text_below_images:
            return False
        return self._is_alone_with(piece, before) or self._is_before_credit(piece, before)

    def _is_below_images(self, pieces: list[Piece]) -> bool:
        """Whether most sentences stand below several images. Then they are the text, and no captions."""
        sentences = [
            (piece, before) for before, piece in pairwise(pieces) if piece.is_prose and not piece.box.meaning & CAPTION
        ]
        below = [len(piece.text) for piece, before in sentences if self._is_alone_with(piece, before)]
        return len(below) > 1 and 2 * sum(below) > sum(len(piece.text) for piece, _ in sentences)

    def _is_before_credit(self, piece: Piece, image: Piece) -> bool:
        """Whether a box contains only an image, a piece, and a credit."""
        parent = piece.box.parent
        if image.media is None or parent is None or parent is self._container:
            return False
        if parent not in {image.box, image.box.parent} or parent.end - parent.start != _IMAGE_AND_TEXT + 1:
            return False
        caption, credit = split_credit(self._pieces[parent.end - 1].text)
        return bool(credit) and not caption

    def _is_alone_with(self, piece: Piece, image: Piece) -> bool:
        """Whether a box contains only an image and a piece, or a short piece in a box of its own follows an image."""
        if image.media is None:
            return False
        parent = piece.box.parent
        if parent in {image.box, image.box.parent} and parent is not self._container:
            return parent is not None and parent.end - parent.start == _IMAGE_AND_TEXT
        if self._is_table_of_both(piece, image):
            return True
        is_own = piece.box.tag not in PARAGRAPHS and piece.box.end - piece.box.start == 1
        return is_own and len(piece.text) <= _LONGEST_CAPTION and not piece.text.endswith(_FULL_STOPS)

    def _is_table_of_both(self, piece: Piece, image: Piece) -> bool:
        """Whether a table contains an image, a piece in another row, and nothing else."""
        around = (box for box in islice(ancestors_or_self(piece.box), _MOST_IN_FIGURE + 1) if box.tag == "table")
        table = next(around, None)
        is_both = table is not None and table.start <= image.box.start and table.end - table.start == _IMAGE_AND_TEXT
        return is_both and table is not self._container

    def _set_caption(self, text: str) -> None:
        """Set the caption of the last block, if it is an image without a credit."""
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.image is None or last.image.credit:
            return
        caption, credit = split_credit(text.replace(BREAK, " "))
        old = last.image
        image = Image(url=old.url, caption=caption or old.caption, credit=credit, width=old.width, height=old.height)
        self.blocks[-1] = Block(kind="image", text=image.caption or "", image=image)

    def _add(self, block: Block) -> bool:
        last = self.blocks[-1] if self.blocks else None
        if not block.text or (last is not None and last.text == block.text and last == block):
            return False
        self.blocks.append(block)
        return True

    def _add_video(self, video: Video) -> None:
        self.videos.append(video)
        self._video_urls.add(video.url)

    def _add_embed(self, url: str | None, text: str) -> None:
        if not url:
            return
        self.blocks.append(Block(kind="embed", text=text, url=url))
        if _VIDEO_HOSTS.search(url) and url not in self._video_urls:
            self._add_video(Video(url=url, caption=text or None))


def _is_figure(box: Box) -> bool:
    """Whether a box is a figure, or has little in it but is no cell of a table."""
    return box.tag == "figure" or (box.end - box.start <= _MOST_IN_FIGURE and box.tag not in _CELLS)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a piece. Line breaks separate them if most lines are whole sentences."""
    if BREAK not in text:
        return [text]
    lines = [line for line in map(clean, text.split(BREAK)) if line and not is_counter(line)]
    sentences = sum(len(line) >= _SHORTEST_LINE and line.endswith(SENTENCE_ENDS) for line in lines)
    return lines if 2 * sentences > len(lines) else [" ".join(lines)]


def _count_sentences(text: str) -> int:
    return len(_SENTENCE_END.findall(f"{text} "))


def _preformatted_text(element: etree._Element) -> str:
    """Return the text of an element with its white space, and with a line feed for each ``br``."""
    if next(element.iter("br"), None) is None:
        return "".join(map(str, element.itertext()))
    texts = [element.text or ""]
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            if each is not element:
                texts.append(each.tail or "")
        elif each is not element:
            texts.append("\n" if each.tag == "br" else each.text or "" if isinstance(each.tag, str) else "")
    return "".join(texts)


def _is_code(element: etree._Element) -> bool:
    names = (name for around in islice(element.iterancestors(), 2) for name in around.get("class", "").split())
    is_named = any(map(_CODE_NAMES.search, (element.get("class") or "", *names)))
    return is_named or next(element.iter(*_CODE_TAGS), None) is not None


def _joined(pieces: Iterable[Piece]) -> str:
    return " ".join(clean(piece.text.replace(BREAK, " ")) for piece in pieces if piece.text)


def _item(piece: Piece) -> Box:
    """Return the innermost list item around a piece."""
    return next((box for box in ancestors_or_self(piece.box) if box.tag in _ITEMS), piece.box)


def _is_left_out(rows: Rows, pieces: list[Piece]) -> bool:
    """Whether a data table has one row, of links, or an image in it is all that belongs to the article.

    Args:
        rows: Its cells.
        pieces: Its pieces that belong to the article.
    """
    length = sum(len(piece.text) for piece in pieces)
    return not length or (len(rows) == 1 and sum(piece.linked for piece in pieces) >= _MOST_LINKED * length)


def _rows(table: etree._Element) -> Rows:
    # A table that contains another one is a layout table.
    if next(table.iter(*_LAYOUT_TAGS), None) is not None or len(list(islice(table.iter("table"), 2))) > 1:
        return ()
    rows = [tuple(text_of(cell) for cell in row.iter("td", "th")) for row in table.iter("tr")]
    kept = tuple(row for row in rows if any(row))
    return kept if max(map(len, kept), default=0) > 1 else ()
