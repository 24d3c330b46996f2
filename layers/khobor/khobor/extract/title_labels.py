"""Titles without the names of the site and its sections at their ends."""

import re
from collections.abc import Sequence
from functools import cached_property

from khobor.extract.document import Document
from khobor.extract.layout import BREAK
from khobor.extract.site_labels import SiteLabels
from khobor.extract.text import UNSPACED_SCRIPTS, comparable

_BARS = "|¦‖│┃｜ㅣ丨_"
_DASHES = ",，、–—―‐‑−~～·•‧∙⋅・:：;；/／»«›‹><＞＜◆■▶►★☆●○◇*+=＝-"
# What may separate names from a title. Brackets may contain a name.
_MARK = re.compile(
    rf"\s[^\w\s\"'“”‘’„¿¡&+]{{1,3}}\s|\s?[{_BARS}{_DASHES}]+\s?|(?P<opening>\s?[\[(（【〔［])|(?P<closing>[\])）】〕］]\s?)"
)
_PART = re.compile(rf"\s[^\w\s\"'“”‘’„¿¡&+]{{1,3}}\s|\s?[{_BARS}]\s?|\s?[,，、]\s?")
_STRONG_END = re.compile(rf"\s[{_DASHES}]+\s$|[{_BARS}]\s?$")
_BAR = re.compile(f"[{_BARS}]|::")
# These separate a kicker from its headline more often than a site's name.
_WITHIN = re.compile(r"\s?[:：/／;；,，、]\s?")
# What stands between a headline and the name of a site that has none. A dash at the beginning opens a quotation.
_EMPTY_NAME = re.compile(r"^[:|]\s|\s[|–—-]$")
_EDGES = f" {_BARS}{_DASHES}"
# A longer text is not a title, and cutting it would take too long.
_LONGEST = 1000
_MOST_MARKS = 12
# A longer line is not a headline.
_LONGEST_LINE = 300
_MOST_PARTS_OF_SITE = 3
_MOST_WORDS = 4
# A headline is not a smaller part of a title.
_LEAST_SHARE = 4
_LONGEST_UNSPACED = 10


class TitleLabels:
    """Cuts the names of site and sections from the ends of a page's titles.

    Args:
        document: The page.
        labels: The names.
        headlines: The headlines of the page, which have no such names.
    """

    def __init__(self, document: Document, labels: SiteLabels, headlines: Sequence[str]) -> None:
        self._document = document
        self._labels = labels
        self._headlines = {comparable(text) for text in headlines} - {""}

    def cut(self, title: str, *, is_headline: bool = False) -> str:
        """Return a title without names at its ends.

        Args:
            title: The title.
            is_headline: Whether the page declares it as the headline, so that only what is surely a name is cut.
        """
        # An address is no title with names.
        title = _EMPTY_NAME.sub("", title).strip()
        marks = list(_MARK.finditer(title)) if len(title) <= _LONGEST and "://" not in title else []
        marks = [mark for mark in marks if mark.start() and mark.end() < len(title)]
        if not marks or comparable(title) in self._headlines:
            return title
        if headline := self._before_shown_bar(title, marks) if is_headline else self._shown_part(title, marks):
            return headline
        start = self._start(title, [mark for mark in marks[:_MOST_MARKS] if not mark["opening"]])
        end = self._end(title, start, [mark for mark in marks[-_MOST_MARKS:] if not mark["closing"]])
        if (start, end) != (0, len(title)):
            return title[start:end].strip(_EDGES)
        return title if is_headline else _before_bar(title, marks)

    def _before_shown_bar(self, title: str, marks: list[re.Match[str]]) -> str | None:
        """Return the part of a title before a bar, if it is a line of the page and the title is not."""
        bar = next((mark for mark in marks if _BAR.search(mark[0])), None)
        head = title[: bar.start()] if bar else ""
        return head if head in self._lines and title not in self._lines else None

    def _shown_part(self, title: str, marks: list[re.Match[str]]) -> str | None:
        shown = self._shown(title, marks) or self._behind_name(title, marks)
        return shown or self._behind_long_name(title, [mark for mark in marks if not _WITHIN.fullmatch(mark[0])])

    def _behind_long_name(self, title: str, marks: list[re.Match[str]]) -> str | None:
        """Return the last part of a title, if it alone is a line of the article. A name before it may be longer."""
        if not marks:
            return None
        start, last = title[: marks[-1].start()], title[marks[-1].end() :]
        is_only = last in self._lines and start not in self._lines and title not in self._lines
        is_name = not is_only or _is_short(last) or self._is_label(last)
        return None if is_name or not self._is_own_line(last) else last

    def _shown(self, title: str, marks: list[re.Match[str]]) -> str | None:
        """Return the part of a title that is a headline of the page, else the part that is a line of it."""
        marks = [mark for mark in marks if not _WITHIN.fullmatch(mark[0])]
        starts = [0, *(mark.end() for mark in marks[:_MOST_MARKS] if not mark["opening"])]
        ends = [len(title), *(mark.start() for mark in reversed(marks[-_MOST_MARKS:]) if not mark["closing"])]
        # What stands behind a longer part is a name rather than the headline.
        spans = [(start, end) for start in starts for end in ends if start or end < len(title)]
        parts = [
            title[start:end] for start, end in spans if _LEAST_SHARE * (end - start) > len(title) and end > 2 * start
        ]
        whole = comparable(title)
        if any(headline in whole for headline in self._headlines):
            headlines = [part for part in parts if comparable(part) in self._headlines]
            if headlines:
                return max(headlines, key=len)
        shown = [part for part in parts if part in self._lines]
        # Related articles link to this one, too. A link's text may be the name of a section.
        shown = [part for part in shown if not self._is_label(part) or self._is_own_heading(part, title)]
        return max(shown, key=len, default=None)

    def _behind_name(self, title: str, marks: list[re.Match[str]]) -> str | None:
        """Return what stands behind the first colon, if only that is a line of the page.

        A page shows a kicker before its headline; the name of a blog it may show nowhere else, or as a picture.
        """
        behind = title[marks[0].end() :]
        if not _WITHIN.fullmatch(marks[0][0]) or behind not in self._lines or title in self._lines:
            return None
        return behind if title[: marks[0].start()] not in self._lines and not self._is_label(behind) else None

    def _is_label(self, text: str) -> bool:
        return self._labels.is_site(text) or self._labels.is_section(text)

    @cached_property
    def _lines(self) -> frozenset[str]:
        """The texts that stand alone on the page."""
        pieces = self._document.layout.pieces
        lines = [piece.text for piece in pieces if len(piece.text) <= _LONGEST_LINE]
        lines += [line.strip() for text in lines if BREAK in text for line in text.split(BREAK)]
        return frozenset(lines)

    def _is_own_heading(self, part: str, title: str) -> bool:
        """Whether the larger part of a title is a heading that is no link, and no name of the site."""
        layout = self._document.layout
        headings = (layout.pieces[position] for position in layout.headings)
        is_larger = 2 * len(part) > len(title) and not self._labels.is_site(part)
        return is_larger and any(piece.text == part and not piece.linked for piece in headings)

    def _is_own_line(self, text: str) -> bool:
        """Whether a text stands alone on the page, and is no link."""
        pieces = self._document.layout.pieces
        return any(piece.text == text and not piece.linked and not piece.box.is_hidden for piece in pieces)

    def _end(self, title: str, start: int, marks: list[re.Match[str]]) -> int:
        """Return where a title ends without the site's name, and without sections before it."""
        end, has_site = len(title), False
        while marks := [mark for mark in marks if start < mark.start() < end]:
            ends = [*(mark.start() for mark in marks[1:]), end]
            parts = [title[mark.end() : stop] for mark, stop in zip(marks, ends, strict=True)]
            last = range(len(marks))[-_MOST_PARTS_OF_SITE:]
            is_exact = [bool(_WITHIN.fullmatch(marks[at][0])) for at in range(len(marks))]
            site = next(
                (at for at in last if self._is_site(title[marks[at].end() : end], parts[at], is_exact[at])), None
            )
            is_bar = _BAR.search(marks[-1][0])
            if site is not None:
                end, has_site = marks[site].start(), True
            elif not comparable(parts[-1]) or (
                has_site
                and not marks[-1]["opening"]
                and (self._labels.is_section(parts[-1]) or (is_bar and _is_short(parts[-1])))
            ):
                end = marks[-1].start()
            else:
                break
        return end

    def _is_site(self, whole: str, first: str, is_exact: bool) -> bool:
        """Whether the end of a title, or its first part, is a name of the site."""
        return self._labels.is_site(whole, is_sure=is_exact or whole != first) or (
            not is_exact and self._labels.is_site(first)
        )

    def _start(self, title: str, marks: list[re.Match[str]]) -> int:
        """Return where a title begins without the site's name, and without sections after it."""
        start, has_site = 0, False
        while marks := [mark for mark in marks if mark.start() > start]:
            head = title[start : marks[0].start()]
            is_exact = bool(_WITHIN.fullmatch(marks[0][0]))
            if self._labels.is_site(head, is_sure=is_exact) or (has_site and self._labels.is_section(head)):
                start, has_site = marks[0].end(), True
            else:
                break
        return start


def _before_bar(title: str, marks: list[re.Match[str]]) -> str:
    """Return the part of a title before its first bar, if the parts behind it are shorter. A dash may be its own."""
    bar = next((mark for mark in marks if _BAR.search(mark[0])), None)
    if bar is None:
        return title
    head, *parts = _BAR.split(title)
    return title[: bar.start()] if all(len(part) < len(head) for part in parts) else title


def is_name_separated(text: str) -> bool:
    """Whether a text ends with a sign that separates names from titles."""
    return _STRONG_END.search(text) is not None


def name_parts(title: str) -> list[str]:
    """Return the parts of a title between the signs that separate names, and commas."""
    return [part for part in _PART.split(title[:_LONGEST]) if part]


def _is_short(text: str) -> bool:
    name = comparable(text)
    if UNSPACED_SCRIPTS.match(name):
        return len(name) <= _LONGEST_UNSPACED
    return len(name.split()) <= _MOST_WORDS
