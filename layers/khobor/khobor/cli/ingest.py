"""What ``khobor ingest`` does: inputs through the embedded stack, and what became of each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from khobor.article import Article
from khobor.aws.letters import page_key
from khobor.cli.inputs import is_url
from khobor.keys import UPLOADS, is_named_as_page
from khobor.local.stack import DeadLetter, EmbeddedStack


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that was not stored, and why."""

    name: str
    reason: str
    detail: str


class Ingest:
    """One run of inputs through a stack."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self._stack = stack
        self._inputs: dict[str, str] = {}
        self.failures: list[Failure] = []

    def add(self, name: str, url: str | None = None) -> None:
        """Take one URL or file the whole way.

        Args:
            name: The URL, or the file's path.
            url: The URL that the file was saved from, in ASCII.
        """
        if is_url(name):
            self._fetch(name)
        else:
            self._upload(Path(name), url)
        self._stack.run()
        self.failures.extend(self._failure(letter) for letter in self._stack.dead_letters())

    def articles(self) -> Iterator[Article]:
        """Yield what was stored."""
        return self._stack.articles()

    def _fetch(self, url: str) -> None:
        (result,) = self._stack.invoke("FetchFunction", {"url": url})["results"]
        if "key" in result:
            self._inputs[result["key"]] = url
        else:
            self.failures.append(Failure(url, result["reason"], result["detail"]))

    def _upload(self, path: Path, url: str | None) -> None:
        # Named by a person it is a page, whatever its name; bytes that are no UTF-8 can be in no key.
        suffix = "" if is_named_as_page(path.name) else ".html"
        key = f"{UPLOADS}{len(self._inputs):06}/{os.fsencode(path.name).decode(errors='replace')}{suffix}"
        try:
            body = path.read_bytes()
        except OSError as error:
            self.failures.append(Failure(str(path), "unreadable_file", f"{error.strerror}; give a page or a URL"))
            return
        self._inputs[key] = str(path)
        self._stack.upload(key, body, {"url": url} if url else {})

    def _failure(self, letter: DeadLetter) -> Failure:
        return Failure(
            self._inputs.get(page_key(self._stack.s3, letter.body) or "", letter.body),
            letter.reason or "crashed",
            letter.detail or "khobor failed on it; --log FILE keeps what the functions said",
        )
