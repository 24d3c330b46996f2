"""The archive on SQLite: reader, writer and eraser in one."""

from khobor.archive.interface import Archive
from khobor.archive.sqlite.eraser import SQLiteEraser
from khobor.archive.sqlite.reader import SQLiteReader
from khobor.archive.sqlite.writer import SQLiteWriter


class SQLiteArchive(SQLiteReader, SQLiteWriter, SQLiteEraser, Archive):
    """Reads, writes and erases articles of the archive in a database."""
