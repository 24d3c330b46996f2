"""The formats of an export."""

from enum import StrEnum

from khobor.export.article_with_page import Write

_SUFFIXES = {"warc": ".warc.gz"}


class Format(StrEnum):
    """A format of an export's files."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"
    WARC = "warc"

    @property
    def wants_pages(self) -> bool:
        """Whether its files hold the raw pages."""
        return self is Format.WARC

    @property
    def is_text(self) -> bool:
        """Whether its files can be compressed with gzip as a whole."""
        return self in {Format.JSONL, Format.CSV}

    def suffix(self, *, compressed: bool) -> str:
        """Return the suffix of its file names; WARC files are always compressed, record by record."""
        return _SUFFIXES.get(self, f".{self}" + (".gz" if compressed else ""))


def writer(kind: Format) -> Write:
    """Return the function that writes the files of a format."""
    # Imported here: pyarrow takes half a second to import, and each format needs only its own module.
    match kind:
        case Format.PARQUET:
            from khobor.export.parquet_file import write
        case Format.JSONL:
            from khobor.export.jsonl_file import write
        case Format.CSV:
            from khobor.export.csv_file import write
        case Format.WARC:
            from khobor.export.warc_file import write
    return write
