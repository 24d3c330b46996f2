"""What a command took is counted with all its processes."""

import gzip
import sys
from pathlib import Path

from tests.articles import article
from tests.benchmarks.laptop import bytes_an_article, measure, unpack

from khobor.local.archive_folder import ArchiveFolder

# A process that outlives its parent, and works.
ORPHAN = "import os\nif os.fork() == 0:\n    os.setsid()\n    sum(range(12_000_000))\n"


def test_the_work_of_a_process_that_outlives_its_parent_counts() -> None:
    idle, busy = measure([sys.executable, "-c", ""]), measure([sys.executable, "-c", ORPHAN])
    assert busy.cpu > idle.cpu
    assert busy.megabytes > 1


def test_the_pages_of_a_corpus_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a" / "pages").mkdir(parents=True)
    for number in range(3):
        (tmp_path / "a" / "pages" / f"{number}.html.gz").write_bytes(gzip.compress(b"%d" % number))
    folder = tmp_path / "out"
    folder.mkdir()
    assert unpack(tmp_path, folder, 2) == 2
    assert sorted(each.read_bytes() for each in folder.iterdir()) == [b"0", b"1"]


def test_copies_of_a_page_have_other_hosts(tmp_path: Path) -> None:
    (tmp_path / "0.html.gz").write_bytes(gzip.compress(b"<link href=https://a.example/1>"))
    folder = tmp_path / "out"
    folder.mkdir()
    assert unpack(tmp_path, folder, 1, copies=2) == 2
    read = [each.read_bytes() for each in sorted(folder.iterdir())]
    assert read == [b"<link href=https://a.example/1>", b"<link href=https://copy1.a.example/1>"]


def test_the_size_of_an_archive_is_that_of_an_article(tmp_path: Path) -> None:
    sizes = []
    for count in (1, 2):
        with ArchiveFolder.open(tmp_path / f"{count}", create=True) as folder:
            for number in range(count):
                folder.archive.put(article(number))
        sizes.append(bytes_an_article(tmp_path / f"{count}"))
    assert sizes[0] > sizes[1] > 0
