"""Pages in a folder: kept whole or not at all, under keys that never leave it."""

import errno
import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from khobor.article import RawReference
from khobor.errors import PermanentError
from khobor.page import RawPage
from khobor.pages.folder import FolderPages, PagesFolderError

PAGE = RawPage(
    body=b"<html>\xe9\xff\x00 not UTF-8",
    fetched_at=datetime(2023, 8, 16, 2, 0, 0, 123456, tzinfo=UTC),
    url="https://www.daily.example/world/12345?utm_source=x",
    final_url="https://www.daily.example/world/12345",
    status=200,
    content_type="text/html; charset=iso-8859-1",
    etag='W/"é%41"',
    robots_tag="noarchive",
    robots_txt="allowed",
)
DAY = "pages/www.daily.example/2023-08-16/"


@pytest.fixture
def pages(tmp_path: Path) -> FolderPages:
    return FolderPages(tmp_path)


def get(pages: FolderPages, key: str, max_bytes: int = 1000) -> RawPage:
    return pages.get(RawReference(key=key), max_bytes)[0]


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_page_comes_back_with_its_facts(pages: FolderPages, tmp_path: Path) -> None:
    key = pages.put_page(PAGE)
    assert key.startswith(f"{DAY}020000.123456Z-")
    assert pages.get(RawReference(bucket="raw", key=key, version="1"), 1000) == (PAGE, RawReference(key=key))
    assert pages.url_of(key) == PAGE.url
    assert gzip.decompress((tmp_path / key).read_bytes()) == PAGE.body
    assert files(tmp_path) == [key]


def test_a_listing_and_an_upload_come_back(pages: FolderPages) -> None:
    upload = RawPage(body=b"<p>saved</p>", fetched_at=PAGE.fetched_at)
    listing, page = pages.put_listing(PAGE, "daily", "feed"), pages.put_upload(upload)
    assert listing.startswith("listings/daily/feed/2023-08-16/020000.123456Z-")
    assert page.startswith("uploads/2023-08-16/020000.123456Z-")
    assert (get(pages, listing), get(pages, page)) == (PAGE, upload)
    assert pages.url_of(page) is None


def test_a_copy_of_a_file_is_the_same_page(pages: FolderPages, tmp_path: Path) -> None:
    key = pages.put_page(PAGE)
    copy = tmp_path / "copy" / key
    copy.parent.mkdir(parents=True)
    copy.write_bytes((tmp_path / key).read_bytes())
    os.utime(copy, (0, 0))
    assert get(FolderPages(tmp_path / "copy"), key) == PAGE


@pytest.mark.parametrize("name", ["a.html", "বাংলা.html", "PAGE.HTM", "a b%20.html.gz"])
def test_a_file_that_a_person_put_there_was_fetched_when_it_changed(
    pages: FolderPages, tmp_path: Path, name: str
) -> None:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / name).write_bytes(b"<p>saved</p>")
    os.utime(tmp_path / "uploads" / name, (1_700_000_000, 1_700_000_000))
    at = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert get(pages, f"uploads/{name}") == RawPage(body=b"<p>saved</p>", fetched_at=at)


def test_a_time_in_the_future_is_not_believed(pages: FolderPages, tmp_path: Path) -> None:
    year = datetime.now(UTC) + timedelta(days=365)
    key = pages.put_page(replace(PAGE, fetched_at=year))
    os.utime(tmp_path / key, (year.timestamp(), year.timestamp()))
    assert get(pages, key).fetched_at < year - timedelta(days=364)


def test_a_page_of_the_same_microsecond_does_not_replace_another(pages: FolderPages) -> None:
    other = replace(PAGE, body=b"<html>other")
    redirected = replace(PAGE, final_url="https://www.daily.example/world/12345/title")
    keys = [pages.put_page(page) for page in (PAGE, other, redirected)]
    assert [key.removeprefix(DAY)[:13] for key in keys] == ["020000.123456", "020000.123457", "020000.123458"]
    assert [get(pages, key) for key in keys] == [PAGE, other, redirected]


def test_the_same_page_is_kept_once(pages: FolderPages, tmp_path: Path) -> None:
    assert pages.put_page(PAGE) == pages.put_page(PAGE)
    assert len(files(tmp_path)) == 1


def test_pages_put_at_the_same_time_are_all_kept(pages: FolderPages) -> None:
    bodies = [f"<p>{number % 20}".encode() for number in range(60)]
    with ThreadPoolExecutor(8) as threads:
        keys = list(threads.map(lambda body: pages.put_page(replace(PAGE, body=body)), bodies))
    assert [get(pages, key).body for key in keys] == bodies
    assert len(set(keys)) == len(list(pages.keys())) == 20
    assert list(pages.leftovers()) == []


@pytest.mark.parametrize("left", [b"", b"\x1f\x8b\x08", gzip.compress(PAGE.body)], ids=["empty", "half", "no facts"])
def test_a_damaged_file_is_replaced_by_its_page(pages: FolderPages, tmp_path: Path, left: bytes) -> None:
    key = pages.put_page(PAGE)
    (tmp_path / key).write_bytes(left)
    assert pages.put_page(PAGE) == key
    assert get(pages, key) == PAGE


def test_pages_put_together_are_there_at_once(pages: FolderPages) -> None:
    with pages.together() as together:
        keys = [together.put_page(replace(PAGE, body=body)) for body in (b"one", b"two")]
        assert [get(pages, key).body for key in keys] == [b"one", b"two"]
    assert list(pages.keys(DAY)) == keys


@pytest.mark.parametrize("is_together", [False, True])
def test_a_page_is_synchronised_before_it_counts_as_kept(
    pages: FolderPages, monkeypatch: pytest.MonkeyPatch, is_together: bool
) -> None:
    synchronised: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: synchronised.append(os.fstat(file).st_ino))
    if is_together:
        with pages.together() as together:
            key = together.put_page(PAGE)
            assert synchronised == []
    else:
        key = pages.put_page(PAGE)
    path = pages.folder / key
    assert {path.stat().st_ino, path.parent.stat().st_ino, pages.folder.stat().st_ino} <= set(synchronised)


OUTSIDE = [
    *("../a.html", "pages/../../a.html", "/etc/passwd", "pages//a.html", "pages/./a.html", "pages\\..\\..\\a.html"),
    *("pages/\0.html", "pages/\ud800.html", "", "/", ".", "archive.db", "sources/daily.toml", "replays/a/b.html"),
    *("pages/a/.b.html.gz.0.tmp", "~/a.html", "pages/..\\a.html"),
]


@pytest.mark.parametrize("key", OUTSIDE)
def test_no_key_leaves_the_folder(tmp_path: Path, key: str) -> None:
    folder = tmp_path / "archive"
    for path in ("a.html", "archive/archive.db", "archive/sources/daily.toml", "archive/pages/a/.b.html.gz.0.tmp"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("<p>no page")
    before, pages = files(tmp_path), FolderPages(folder)
    with pytest.raises(PermanentError, match="no_such_object"):
        get(pages, key)
    assert (pages.versions(RawReference(key=key)), pages.url_of(key), pages.delete(key)) == ([], None, 0)
    assert pages.delete(f"{key}/") == 0
    assert files(tmp_path) == before


def test_a_source_with_a_path_as_its_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="bad_key"):
        FolderPages(tmp_path / "archive").put_listing(PAGE, "../../../daily", "feed")
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://[::1]:8000/a",
        "https://aux.example/a",
        "https://con/a",
        "https://daily.example./a",
        "http://127.0.0.1/a",
    ],
)
def test_a_host_with_an_odd_name_has_its_pages(pages: FolderPages, url: str) -> None:
    key = pages.put_page(replace(PAGE, url=url))
    assert get(pages, key).url == url


def test_a_page_of_the_longest_host_has_a_key_that_file_systems_take(pages: FolderPages) -> None:
    key = pages.put_page(replace(PAGE, url=f"https://{'.'.join(['খ' * 40, 'a' * 63, 'b' * 63, 'c' * 50])}/"))
    assert max(map(len, key.split("/"))) <= 255
    assert key.lower().isascii()
    assert get(pages, key).body == PAGE.body


def test_a_page_without_url_is_no_fetched_page(pages: FolderPages) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        pages.put_page(replace(PAGE, url=None))


def test_versions_are_those_that_are_there(pages: FolderPages) -> None:
    key = pages.put_page(PAGE)
    assert pages.versions(RawReference(bucket="raw", key=key, version="1")) == [RawReference(key=key)]
    assert pages.versions(RawReference(key=f"{key}.html")) == pages.versions(RawReference(key=DAY)) == []


def test_a_page_is_deleted_with_the_folders_that_it_leaves_empty(pages: FolderPages, tmp_path: Path) -> None:
    key, other = pages.put_page(PAGE), pages.put_page(replace(PAGE, url="https://other.example/"))
    assert (pages.delete(key), pages.delete(key)) == (1, 0)
    assert files(tmp_path) == [other]
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["other.example"]
    with pytest.raises(PermanentError, match=r"no_such_object.*add the page again"):
        get(pages, key)


def test_a_page_of_an_old_bucket_can_be_forgotten(pages: FolderPages, tmp_path: Path) -> None:
    for path in ("saved/2020/a.html", "saved/2020/b.css", "sources/c.html"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("<p>")
    assert get(pages, "saved/2020/a.html").body == b"<p>"
    assert [pages.delete(key) for key in ("saved/2020/a.html", "saved/", "saved/2020/b.css", "sources/c.html")] == [
        1,
        0,
        0,
        0,
    ]
    assert files(tmp_path) == ["saved/2020/b.css", "sources/c.html"]


def test_all_below_a_prefix_are_deleted_and_no_other(pages: FolderPages, tmp_path: Path) -> None:
    below = [pages.put_page(replace(PAGE, body=body)) for body in (b"one", b"two")]
    other = pages.put_page(replace(PAGE, url="https://www.daily.example.net/"))
    (tmp_path / "pages" / "www.daily.example" / "elsewhere").symlink_to(tmp_path / "pages" / "www.daily.example.net")
    assert pages.delete("pages/www.daily.example/") == len(below) + 1
    assert list(pages.keys()) == [other]


def test_keys_are_in_order_and_leave_out_what_a_killed_process_left(pages: FolderPages, tmp_path: Path) -> None:
    urls = ["https://a.example/", "https://a-b.example/", "https://b.example/"]
    keys = sorted(pages.put_page(replace(PAGE, url=url)) for url in urls)
    left = tmp_path / "pages" / "a.example" / ".x.html.gz.0123abcd.tmp"
    left.write_bytes(b"\x1f\x8b")
    assert list(pages.keys()) == keys
    assert list(pages.keys("pages/a.example/")) == [key for key in keys if "/a.example/" in key]
    assert (list(pages.keys("pages/no.example/")), list(pages.keys("../"))) == ([], [])
    assert list(pages.leftovers()) == [left]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "read_only"),
        (errno.EACCES, "read_only"),
        (errno.EIO, "disk_error"),
        (errno.ENAMETOOLONG, "bad_key"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_fails_is_an_error_in_words_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    pages = FolderPages(tmp_path)
    monkeypatch.setattr(os, call, fail)
    with pytest.raises(
        (PagesFolderError, PermanentError), match=rf"{DAY}.* cannot be written: {os.strerror(number)}"
    ) as error:
        pages.put_page(PAGE)
    assert getattr(error.value, "reason", None) == reason
    assert files(tmp_path) == []


def test_a_file_where_a_folder_should_be_is_an_error_in_words(pages: FolderPages, tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("")
    with pytest.raises(PagesFolderError, match="Not a directory"):
        pages.put_page(PAGE)
    assert (list(pages.keys()), pages.delete("pages/")) == ([], 0)


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP])
def test_a_file_system_without_links_keeps_pages(
    pages: FolderPages, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", fail)
    keys = [pages.put_page(replace(PAGE, body=body)) for body in (b"one", b"two", b"one")]
    assert [get(pages, key).body for key in keys] == [b"one", b"two", b"one"]
    assert keys[0] == keys[2]


BROKEN: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda _: b"", "empty"),
    (lambda data: data[:-9], "truncated_gzip"),
    (lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], "bad_gzip"),
    (lambda data: data.replace(b'"url":"', b'"url":7 '), "bad_gzip"),
    (lambda data: data.replace(b"https://", b"https:; "), "bad_url"),
]


@pytest.mark.parametrize(("broken", "reason"), BROKEN, ids=["empty", "cut", "checksum", "facts", "URL"])
def test_a_file_that_is_no_page_says_why(
    pages: FolderPages, tmp_path: Path, broken: Callable[[bytes], bytes], reason: str
) -> None:
    key = pages.put_page(PAGE)
    (tmp_path / key).write_bytes(broken((tmp_path / key).read_bytes()))
    with pytest.raises(PermanentError) as error:
        get(pages, key)
    assert error.value.reason == reason
    assert pages.url_of(key) in {None, PAGE.url}


def test_a_page_that_is_too_large_says_so(pages: FolderPages) -> None:
    key = pages.put_page(replace(PAGE, body=b"x" * 10_000))
    with pytest.raises(PermanentError, match="too_large"):
        get(pages, key)


# Puts a page, and is killed at one line of the module after another; prints at which one, and the keys.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from khobor.page import RawPage
from khobor.pages.folder import FolderPages, __file__

def put(folder, at):
    lines = 0
    def count(frame, event, arg):
        nonlocal lines
        if frame.f_code.co_filename != __file__:
            return None
        lines += event == "line"
        if lines == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return count
    # Power cuts do not matter here.
    os.fsync = lambda file: None
    sys.settrace(count)
    page = RawPage(body=b"<p>" * 9_000, url="https://daily.example/1", fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    os.write(1, f"{at} {FolderPages(folder).put_page(page)}\\n".encode())
    os._exit(0)

at = 0
while True:
    at += 1
    child = os.fork()
    if child == 0:
        put(Path(sys.argv[1]) / str(at), at)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


@pytest.mark.slow
def test_wherever_a_process_is_killed_each_page_is_whole_or_not_there(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-S", "-c", KILLED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    reported = [line.split() for line in done.stdout.splitlines()]
    killed = {int(folder.name): FolderPages(folder) for folder in tmp_path.iterdir()}
    assert len(killed) > 30
    for at, pages in killed.items():
        keys = list(pages.keys())
        assert [key for number, key in reported if int(number) == at] in ([], keys)
        for key in keys:
            page = get(pages, key, 100_000)
            assert page.body == b"<p>" * 9_000
            assert pages.put_page(page) == key
        assert len(list(pages.leftovers())) <= 1
