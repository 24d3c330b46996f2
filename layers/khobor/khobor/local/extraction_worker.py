"""Extraction in a process of ``ExtractionPool``: pages in, articles or reasons out."""

import gc
import signal
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeAlias

from khobor.archive import codec
from khobor.article import Article
from khobor.errors import KhoborError, PermanentError
from khobor.extract import extract_page
from khobor.page import MAX_PAGE_BYTES
from khobor.pages.input_page import InputPage
from khobor.sources.registry import Registry, bundled_sources
from khobor.work_limits import (
    LOCAL_PAGE_LIMITS,
    WorkCrashedError,
    WorkLimits,
    limit_cpu_time,
    limit_memory,
    within,
)

# Returns the bytes of an article, from the name of its page and the article.
WriteArticle: TypeAlias = Callable[[str, Article], bytes]
Answer: TypeAlias = bytes | KhoborError
_PACKAGE = Path(__file__).parent.parent


def encoded(_: str, article: Article) -> bytes:
    """Return an article in the form that ``khobor.archive.codec.decode`` reads."""
    return codec.encode(article)


@dataclass(frozen=True, kw_only=True)
class Extractor:
    """What the processes of a pool are given when they start.

    Attributes:
        sources: The content of the sources that replace bundled ones, by their paths.
        limits: The limits of one page.
        max_bytes: The largest page.
        write: Returns the bytes of an article; it must be importable, as ``pickle`` requires.
    """

    sources: Mapping[str, str]
    limits: WorkLimits = LOCAL_PAGE_LIMITS
    max_bytes: int = MAX_PAGE_BYTES
    write: WriteArticle = encoded

    def registry(self) -> Registry:
        """Return the sources, the bundled ones included."""
        return bundled_sources().overlay(self.sources) if self.sources else bundled_sources()

    def answer(self, page: InputPage, sources: Registry, *, apart: bool = False) -> Answer:
        """Return the bytes of a page's article, or why it has none. Nothing is raised.

        Args:
            page: The page.
            sources: As ``registry`` returns them.
            apart: Whether it gets a process of its own, because one process died of it already.
        """
        try:
            return within(self.limits, partial(self._written, page, sources), what=page.name, isolated=apart)
        except KhoborError as error:
            return error
        except OSError as error:
            return PermanentError("unreadable_file", f"{page.name}: {error.strerror or error}")
        except WorkCrashedError as error:
            return _crashed(page.name, str(error).strip().rpartition("\n")[2])
        # A bug in khobor. The other pages go on.
        except Exception as error:  # noqa: BLE001
            return _crashed(page.name, f"{type(error).__name__}: {error} ({_place(error)})")

    def _written(self, page: InputPage, sources: Registry) -> bytes:
        article = extract_page(page.load(self.max_bytes), page.raw, sources)
        if reason := article.extraction.not_article:
            raise PermanentError(reason, f"{page.name} holds no article{article.extraction.refusal_text}")
        return self.write(page.name, article)


@dataclass(frozen=True, slots=True)
class Task:
    """A page that a process is to extract; the fields are the arguments of ``Extractor.answer``."""

    page: InputPage
    apart: bool = False


def work(connection: Connection, extractor: Extractor) -> None:
    """Answer batches of tasks, one message for each task, until the other end is closed.

    The first message is ``None``: the process is ready.

    Args:
        connection: Gives lists of ``Task``, and takes answers.
        extractor: What to do with them.
    """
    # The terminal sends Ctrl-C to all its processes. The pool ends these.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sources = extractor.registry()
    limit_memory(extractor.limits)
    # As in the pool's own process.
    gc.freeze()
    try:
        connection.send(None)
        while True:
            for task in connection.recv():
                if extractor.limits.of_cpu:
                    limit_cpu_time(extractor.limits)
                connection.send(extractor.answer(task.page, sources, apart=task.apart))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _crashed(name: str, what: str) -> PermanentError:
    return PermanentError("crashed", f"{name}: khobor failed unexpectedly: {what}")


def _place(error: Exception) -> str:
    """Return the innermost line of khobor that an error came through."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(_PACKAGE))]
    return f"{Path(own[-1].filename).relative_to(_PACKAGE)}:{own[-1].lineno}" if own else "?"
