"""Where the links of a page stand: in headings, in boxes with a date or a teaser, or in the navigation.

The page is walked once. The box of a link is the largest element all of whose main links lead to the same page, such as
a card with its picture, date, heading and teaser. Main links are those in headings, or all if so asked.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# The parser may leave parts of the body in the head, so that is none of these.
_LEAVES = frozenset({"script", "style", "template", "noscript", "svg", "title"})
# Elements around the content of a page. Within an article they are parts of it.
_NAVIGATION = frozenset({"nav", "footer"})
_SIDES = frozenset({"header", "aside"})
_NAVIGATION_ROLES = frozenset({"navigation", "contentinfo"})
_SIDE_ROLES = frozenset({"banner", "complementary", "search"})
# The last word of a class or an id: site-footer, main-menu, tag-cloud.
_NAVIGATION_WORDS = frozenset(
    {"nav", "navbar", "navigation", "menu", "footer", "breadcrumb", "breadcrumbs", "pagination", "tagcloud", "cloud"}
    | {"tags", "categories"}
)
_SIDE_WORDS = frozenset({"sidebar", "aside", "widget"})
# Words of a class that describes what an element has, not what it is: has-sidebar, content-with-sidebar.
_DESCRIBING = frozenset({"has", "is", "no", "with", "without"})
_BETWEEN_WORDS = re.compile(r"[-_]")
_MOST_NAMES = 30
# Elements that hold the page as a whole, or an article; their classes describe it.
_WHOLE = frozenset({"html", "body", "main", "article"})
# A year or a date, in digits of any script.
_DATE = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)|\d[月월]")


@dataclass(slots=True)
class LinkBox:
    """What stands in the box of a link, besides its title.

    Attributes:
        letters: The number of characters.
        has_date: Whether there is a ``time`` element or a date.
        has_image: Whether there is an image.
    """

    letters: int = 0
    has_date: bool = False
    has_image: bool = False

    def add(self, other: "LinkBox") -> None:
        """Add what stands in another box."""
        self.letters += other.letters
        self.has_date = self.has_date or other.has_date
        self.has_image = self.has_image or other.has_image


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLink:
    """A link, and where it stands.

    Attributes:
        target: The URL that it leads to.
        path: A number for the names of the elements around it: links with the same one have the same place in
            repeated boxes.
        box: What stands in its box; None if it is no main link.
        is_beside: Whether it stands beside the content: in the header or a side column, or in the navigation.
        is_in_navigation: Whether it stands in the navigation or the footer.
    """

    target: str
    path: int
    box: LinkBox | None
    is_beside: bool
    is_in_navigation: bool


@dataclass(slots=True)
class _Group:
    """Main links to one target with what stands around them; without a target, main links to several."""

    target: str | None
    box: LinkBox
    links: list[PlacedLink]


@dataclass(slots=True)
class _OpenElement:
    """An element whose end is not reached yet."""

    path: int
    is_beside: bool = False
    is_in_navigation: bool = False
    is_in_article: bool = False
    is_in_heading: bool = False
    has_heading: bool = False
    is_link: bool = False
    target: str | None = None
    box: LinkBox = field(default_factory=LinkBox)
    groups: list[_Group] = field(default_factory=list)


def place_links(
    root: etree._Element, target_of: Callable[[etree._Element], str | None], *, in_headings: bool
) -> list[PlacedLink]:
    """Return the links of a page, each with its place, in no order.

    Args:
        root: The root of the page.
        target_of: Returns the URL that an ``a`` or ``area`` element leads to; None for one that is not wanted.
        in_headings: Whether the main links are those in or around headings; otherwise all are.
    """
    walk = _Walk(target_of, in_headings=in_headings)
    events = etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "end":
            walk.end(element)
        elif element.tag in _LEAVES:
            walk.start(element, text=None)
            events.skip_subtree()
        else:
            walk.start(element, text=element.text)
    return walk.links()


class _Walk:
    """The walk over a page."""

    def __init__(self, target_of: Callable[[etree._Element], str | None], *, in_headings: bool) -> None:
        self._target_of = target_of
        self._in_headings = in_headings
        self._paths: dict[tuple[int, object], int] = {}
        self._found: list[PlacedLink] = []
        self._stack = [_OpenElement(path=0)]

    def links(self) -> list[PlacedLink]:
        """Return the links, once the walk is over."""
        self._settle(self._stack[0].groups)
        self._stack[0].groups = []
        return self._found

    def start(self, element: etree._Element, text: str | None) -> None:
        """Enter an element.

        Args:
            element: The element.
            text: The text before its first child.
        """
        above, name = self._stack[-1], element.tag
        is_link = name in {"a", "area"}
        names = _last_words(element)
        in_navigation, is_beside = _is_in_navigation(element, names, above), _is_beside(element, names, above)
        # An article beside the others, such as a featured one, is one of them.
        was_beside = above.is_beside and (name != "article" or above.is_in_navigation)
        frame = _OpenElement(
            path=self._paths.setdefault((above.path, name), len(self._paths) + 1),
            is_beside=was_beside or is_beside or in_navigation,
            is_in_navigation=above.is_in_navigation or in_navigation,
            is_in_article=above.is_in_article or name == "article",
            is_in_heading=above.is_in_heading or name in _HEADINGS,
            is_link=is_link,
            target=self._target_of(element) if is_link else None,
        )
        frame.box.has_date = name == "time"
        frame.box.has_image = name in {"img", "picture"}
        self._stack.append(frame)
        _add_text(frame, text)

    def end(self, element: etree._Element) -> None:
        """Leave an element."""
        frame, above = self._stack.pop(), self._stack[-1]
        above.has_heading = above.has_heading or frame.has_heading or element.tag in _HEADINGS
        if frame.is_link:
            self._end_link(frame)
        targets = {group.target for group in frame.groups}
        if not targets:
            (above.groups[-1].box if above.groups else above.box).add(frame.box)
        elif len(targets) == 1 and None not in targets:
            above.groups.append(_merged(frame))
        else:
            # A date before the first link, as in a list of terms.
            frame.groups[0].box.has_date = frame.groups[0].box.has_date or frame.box.has_date
            self._settle(frame.groups)
            above.groups.append(_Group(None, LinkBox(), []))
        _add_text(above, element.tail)

    def _end_link(self, frame: _OpenElement) -> None:
        if not frame.has_heading:
            # The text of a link is its title, or a label such as "Read more".
            frame.box.letters = 0
        if frame.target is None:
            return
        link = PlacedLink(
            target=frame.target,
            path=frame.path,
            box=None,
            is_beside=frame.is_beside,
            is_in_navigation=frame.is_in_navigation,
        )
        if not self._in_headings or frame.is_in_heading or frame.has_heading:
            frame.groups.append(_Group(frame.target, LinkBox(), [link]))
        else:
            self._found.append(link)

    def _settle(self, groups: Iterable[_Group]) -> None:
        """Take the groups of an element with links to several targets: their boxes are complete."""
        for group in groups:
            self._found += [replace(link, box=group.box) for link in group.links]


def _merged(frame: _OpenElement) -> _Group:
    """Return the groups of an element, which have one target, as one."""
    first, *others = frame.groups
    first.box.add(frame.box)
    for group in others:
        first.box.add(group.box)
        first.links += group.links
    return first


def _add_text(frame: _OpenElement, text: str | None) -> None:
    if not text or frame.is_in_heading or text.isspace():
        return
    box = frame.groups[-1].box if frame.groups else frame.box
    box.letters += len(text.strip())
    box.has_date = box.has_date or _DATE.search(text) is not None


def _is_in_navigation(element: etree._Element, names: Collection[str], above: _OpenElement) -> bool:
    if element.get("role") in _NAVIGATION_ROLES or (element.tag in _NAVIGATION and not above.is_in_article):
        return True
    return not _NAVIGATION_WORDS.isdisjoint(names)


def _is_beside(element: etree._Element, names: Collection[str], above: _OpenElement) -> bool:
    if element.get("role") in _SIDE_ROLES or (element.tag in _SIDES and not above.is_in_article):
        return True
    return not _SIDE_WORDS.isdisjoint(names)


def _last_words(element: etree._Element) -> list[str]:
    """Return the last word of each class and of the id of an element, without those that say what it has."""
    if element.tag in _WHOLE:
        return []
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split(None, _MOST_NAMES)[:_MOST_NAMES]
    parts = [_BETWEEN_WORDS.split(name) for name in names]
    return [each[-1] for each in parts if _DESCRIBING.isdisjoint(each)]
