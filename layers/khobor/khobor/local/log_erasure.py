"""Erases a forgotten article from the log of a local archive.

Bytes are overwritten in their places, and no file is replaced: other processes may be appending to it, and what they
write to a file that was replaced would be lost. A line that is overwritten is blank, which readers of the log skip.
Erasing can be repeated if it was stopped.
"""

import mmap
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from khobor.archive.interface import ArticleTraces
from khobor.log_trace import read_facts
from khobor.runtime.log_line import without_secrets

# What may follow within a longer URL.
_NOT_IN_A_URL = rb"(?![\w%/?&=#~@+\x80-\xff-]|[.,:;!][\w%/?&=#~@+\x80-\xff-])"
_FIELDS_OF_IDS = ("article_id", "same_as")


class LogErasure:
    """Erases one article from files of the log.

    Args:
        ids: The id of the article, and those of its URLs.
        traces: Its URLs, and the keys of its pages.
    """

    def __init__(self, ids: Collection[str], traces: ArticleTraces) -> None:
        self._ids = frozenset(ids)
        # As the log shows them. What hides a secret may stand for several URLs, which ids tell apart.
        self._urls = {shown for url in traces.urls if (shown := without_secrets(url)) == url}
        self._hidden_urls = {without_secrets(url) for url in traces.urls} - self._urls
        self._keys = traces.raw_keys
        exact = [*self._ids, *self._keys]
        terms = [rb"(?<=\")%s(?=\")" % re.escape(term.encode()) for term in exact]
        terms += [re.escape(url.encode()) + _NOT_IN_A_URL for url in (*self._urls, *self._hidden_urls)]
        self._terms = re.compile(b"|".join(terms))

    def erase(self, path: Path) -> None:
        """Erase the article from a file: its lines, and what other lines say of it.

        Args:
            path: The file.

        Raises:
            OSError: The file cannot be written.
        """
        try:
            file = path.open("r+b")
        except FileNotFoundError:
            # Another process has just deleted it, because it is too old.
            return
        with file:
            if os.fstat(file.fileno()).st_size:
                self._erase(file)

    def _erase(self, file: BinaryIO) -> None:
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            # The places first: what is overwritten shows in the content at once.
            places = list(self._places(content))
        for start, end, filler in places:
            os.pwrite(file.fileno(), filler * (end - start), start)
        if places:
            os.fsync(file.fileno())

    def _places(self, content: mmap.mmap) -> Iterator[tuple[int, int, bytes]]:
        """Yield the beginning and the end of what is to be overwritten, and with which byte."""
        end = 0
        while found := self._terms.search(content, end):
            begin = content.rfind(b"\n", end, found.start()) + 1 or end
            end = content.find(b"\n", found.end())
            end = end if end >= 0 else len(content)
            if self._is_about(content[begin:end]):
                yield begin, end, b" "
            else:
                mentions = self._terms.finditer(content, begin, end)
                yield from (
                    (each.start(), each.end(), b"*") for each in mentions if each[0].decode() not in self._hidden_urls
                )

    def _is_about(self, line: bytes) -> bool:
        """Return whether a line of the log is about the article."""
        facts = read_facts(line)
        if facts is None:
            # Half a line, which a killed process left.
            return True
        if not self._ids.isdisjoint(str(facts.get(name)) for name in _FIELDS_OF_IDS):
            return True
        if facts.get("key") in self._keys or facts.get("url") in self._urls:
            return True
        return facts.get("article_id") is None and facts.get("url") in self._hidden_urls
