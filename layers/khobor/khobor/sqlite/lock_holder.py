"""Which process is writing to a database, for those who wait for it."""

from pathlib import Path

# The byte of the shared-memory file on which the writer has its lock (https://www.sqlite.org/walformat.html).
_WRITE_LOCK = "120"
_LOCKS = Path("/proc/locks")
_LONGEST_COMMAND = 80


def writer_of(path: Path) -> str:
    """Return words for the process that holds the write lock of a database in WAL mode.

    Linux says which one; elsewhere, or if the lock has just been released, it is "another process".

    Args:
        path: The database.
    """
    try:
        inode = path.with_name(f"{path.name}-shm").stat().st_ino
        pid = next(filter(None, (_pid(line, inode) for line in _LOCKS.read_text().splitlines())), None)
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace").strip()
    except OSError:
        return "another process"
    return f"process {pid} ({command[-_LONGEST_COMMAND:]})"


def _pid(line: str, inode: int) -> str | None:
    """Return the process that a line of /proc/locks names if it holds the write lock of a file."""
    # 1: POSIX  ADVISORY  WRITE 4711 08:01:131086 120 120
    parts = line.split()
    is_held = "->" not in parts
    if is_held and parts[1:2] == ["POSIX"] and parts[-2:-1] == [_WRITE_LOCK] and parts[-3].endswith(f":{inode}"):
        return parts[4]
    return None
