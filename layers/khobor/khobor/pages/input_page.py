"""Pages that a user gives: from files, or from files that hold many pages."""

from dataclasses import dataclass, replace
from pathlib import Path

from khobor.article import RawReference
from khobor.page import MAX_PAGE_BYTES, RawPage, decompress


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPage:
    """A page, under the name that messages call it.

    Attributes:
        name: Its file; for a page within a file, ``file#place``.
        page: The page with what is known of it. If ``file`` is given, its body is empty.
        file: The file that holds the body, compressed or not. It is read by ``load``, so that the process that
            extracts the page reads it.
        raw: Where it is kept, if it is.
    """

    name: str
    page: RawPage
    file: Path | None = None
    raw: RawReference | None = None

    def load(self, max_bytes: int = MAX_PAGE_BYTES) -> RawPage:
        """Return the page with its body.

        Args:
            max_bytes: The largest page, compressed and decompressed.

        Raises:
            OSError: The file cannot be read.
            PermanentError: ``empty``, ``too_large``, ``truncated_gzip`` or ``bad_gzip``.
        """
        if self.file is None:
            return self.page
        with self.file.open("rb") as file:
            return replace(self.page, body=decompress(file.read(max_bytes + 1), self.name, max_bytes))
