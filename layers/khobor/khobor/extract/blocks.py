"""The blocks of an element that holds the body: paragraphs, headings, quotes, lists, tables, images, embeds."""

import re
from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement

from khobor.article import Block, Link, Video
from khobor.extract.boilerplate import is_boilerplate_sentence
from khobor.extract.document import Document
from khobor.extract.images import image_of
from khobor.extract.text import clean, comparable, text_of

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FRAMES = {"iframe", "embed", "object", "amp-youtube", "amp-twitter"}
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr"}
)
# A paragraph goes on behind these.
_WITHIN_PARAGRAPH = _INLINE | {"br", "script", "style", "noscript", "template"}
_VIDEO_HOSTS = re.compile(r"youtube|youtu\.be|vimeo|dailymotion|facebook\.com/plugins/video|jwplayer|brightcove|player")
_SOCIAL = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed")
_BREAK = "\x1e"
_PARAGRAPH_BREAK = re.compile(rf"(?:\s*{_BREAK}){{2,}}")
# A paragraph of which more is links leads elsewhere.
_MOST_LINKED = 0.9
_LONGEST_LINK = 200

Reading = Callable[[HtmlElement], None]


class BlockReader:
    """Reads the blocks of one body.

    Args:
        document: The page.
        dropped: Elements that are no part of it.
        boilerplate: Words that only sentences hold which are no part of it.
        title: The headline, left out where it is repeated.
        is_outside: Tells elements that are no part of any article.

    Attributes:
        links: Links in what was kept.
        videos: Videos met.
    """

    def __init__(
        self,
        document: Document,
        dropped: set[HtmlElement],
        boilerplate: tuple[str, ...],
        title: str | None,
        is_outside: Callable[[HtmlElement], bool],
    ) -> None:
        self._document = document
        self._dropped = dropped
        self._boilerplate = tuple(map(comparable, boilerplate))
        self._title = comparable(title)
        self._is_outside = is_outside
        self._text: list[str] = []
        self._pending: list[Link] = []
        self._linked = 0
        self._blocks: list[Block] = []
        self.links: list[Link] = []
        self.videos: list[Video] = []
        readings: dict[str, Reading] = {"blockquote": self._quote, "ul": self._list, "ol": self._list}
        readings |= {"figure": self._image, "img": self._image, "amp-img": self._image, "picture": self._image}
        readings |= {"video": self._video, "amp-video": self._video}
        readings |= dict.fromkeys(_HEADINGS, self._heading) | dict.fromkeys(_FRAMES, self._frame)
        self._readings = readings

    def read(self, body: HtmlElement) -> list[Block]:
        """Return the blocks of the body's element, in order."""
        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if not self._enter(element, is_body=element is body):
                    walker.skip_subtree()
            else:
                self._leave(element, is_body=element is body)
        self._end_paragraph()
        return self._blocks

    def _enter(self, element: HtmlElement, *, is_body: bool) -> bool:
        """Take an element in, and return whether to go on with what is in it."""
        if not is_body and (element in self._dropped or self._is_outside(element)):
            return False
        if element.tag not in _WITHIN_PARAGRAPH:
            self._end_paragraph()
        if element.tag in self._readings and not is_body:
            self._readings[element.tag](element)
            return False
        if element.tag == "table" and (rows := _rows(element)):
            self._keep(Block(kind="table", text="\n".join(" | ".join(row) for row in rows), rows=rows))
            return False
        if element.tag == "br":
            self._text.append(_BREAK)
        elif element.tag == "a":
            self._link(element)
        self._text.append(element.text or "")
        return True

    def _leave(self, element: HtmlElement, *, is_body: bool) -> None:
        if element.tag not in _WITHIN_PARAGRAPH:
            self._end_paragraph()
        if not is_body:
            self._text.append(element.tail or "")

    def _end_paragraph(self) -> None:
        text, linked, links = "".join(self._text), self._linked, self._pending
        self._text, self._linked, self._pending = [], 0, []
        if not text or text.isspace():
            return
        for part in _PARAGRAPH_BREAK.split(text):
            paragraph = clean(part.replace(_BREAK, " "))
            if linked > _MOST_LINKED * len(paragraph) and len(paragraph) <= _LONGEST_LINK:
                continue
            if self._keep(Block(kind="paragraph", text=paragraph)):
                self.links += links
                links = []

    def _keep(self, block: Block) -> bool:
        if not block.text or self._is_boilerplate(block.text) or (self._blocks and self._blocks[-1] == block):
            return False
        self._blocks.append(block)
        return True

    def _is_boilerplate(self, text: str) -> bool:
        if is_boilerplate_sentence(text):
            return True
        return bool(self._boilerplate) and any(words in comparable(text) for words in self._boilerplate)

    def _link(self, element: HtmlElement) -> None:
        text = text_of(element)
        self._linked += len(text)
        url = self._document.resolve(element.get("href"))
        if url and text:
            self._pending.append(Link(url=url, text=text))

    def _heading(self, element: HtmlElement) -> None:
        text = text_of(element)
        is_link = sum(len(text_of(link)) for link in element.iter("a")) > _MOST_LINKED * len(text)
        if text and not is_link and comparable(text) != self._title:
            self._keep(Block(kind="heading", text=text, level=_HEADINGS[element.tag]))

    def _quote(self, element: HtmlElement) -> None:
        if _SOCIAL.search(element.get("class") or ""):
            links = [self._document.resolve(link.get("href")) for link in element.iter("a")]
            self._embed(next(filter(None, reversed(links)), None), text_of(element))
        else:
            self._keep(Block(kind="quote", text=clean(" ".join(element.itertext()))))

    def _list(self, element: HtmlElement) -> None:
        items = tuple(filter(None, map(text_of, element.iter("li"))))
        text = "\n".join(items)
        linked = sum(len(text_of(link)) for link in element.iter("a"))
        if items and linked < _MOST_LINKED * len(text):
            self._keep(Block(kind="list", text=text, items=items))

    def _image(self, element: HtmlElement) -> None:
        if (image := image_of(self._document, element)) and not self._has_image(image.url):
            self._blocks.append(Block(kind="image", text=image.caption or "", image=image))

    def _has_image(self, url: str) -> bool:
        return any(block.image and block.image.url == url for block in self._blocks)

    def _frame(self, element: HtmlElement) -> None:
        source = element.get("src") or element.get("data-src") or element.get("data")
        self._embed(self._document.resolve(source), clean(element.get("title")))

    def _video(self, element: HtmlElement) -> None:
        sources = [element.get("src"), *(source.get("src") for source in element.iter("source"))]
        if url := next(filter(None, map(self._document.resolve, sources)), None):
            self.videos.append(Video(url=url))
            self._embed(url, "")

    def _embed(self, url: str | None, text: str) -> None:
        if not url:
            return
        self._blocks.append(Block(kind="embed", text=text, url=url))
        if _VIDEO_HOSTS.search(url) and url not in {video.url for video in self.videos}:
            self.videos.append(Video(url=url, caption=text or None))


def _rows(table: HtmlElement) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a table of data; none for one that only lays out other blocks."""
    if next(table.iter("p", "div", "ul", "h2", "h3"), None) is not None:
        return ()
    rows = [tuple(text_of(cell) for cell in row.iter("td", "th")) for row in table.iter("tr")]
    kept = tuple(row for row in rows if any(row))
    return kept if max(map(len, kept), default=0) > 1 else ()
