"""``khobor ingest`` on an archive: nothing is lost, and repeating the command resumes it."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import page
from typer.testing import CliRunner, Result

from khobor.cli.main import app


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(6):
        head = f'<link rel="canonical" href="https://news.example/city/{number}">'
        (folder / f"{number}.html").write_bytes(page(title=f"Bridge {number} opens", head=head, json_ld={}))
    (folder / "menu.html").write_bytes(b"<html><body>Menu</body></html>")
    return folder


def ingest(archive: Path, *more: str | Path) -> Result:
    arguments = ["ingest", "--archive", str(archive), "--jobs", "1", *map(str, more)]
    return CliRunner().invoke(app, arguments)


def kept(archive: Path) -> list[str]:
    return sorted(path.name for path in archive.rglob("*.html.gz"))


def test_the_same_command_again_gives_the_same_articles_and_keeps_nothing_twice(tmp_path: Path, pages: Path) -> None:
    first, again = ingest(tmp_path / "news", pages), ingest(tmp_path / "news", pages)
    assert first.stderr.endswith("\n7 pages: 6 articles, 1 failed (1 no_headline)\n")
    assert again.stderr.endswith("\n7 pages: 6 in the archive already, 1 failed (1 no_headline)\n")
    assert [json.loads(line)["title"] for line in again.stdout.splitlines()] == [
        json.loads(line)["title"] for line in first.stdout.splitlines()
    ]
    assert len(kept(tmp_path / "news")) == 7


def test_pages_are_taken_again_if_that_is_asked_for(tmp_path: Path, pages: Path) -> None:
    ingest(tmp_path / "news", pages)
    assert ingest(tmp_path / "news", pages, "--again").stderr.endswith(
        "7 pages: 6 articles, 1 failed (1 no_headline)\n"
    )
    assert len(kept(tmp_path / "news")) == 7


def test_what_a_killed_process_kept_is_read_by_the_next_one(tmp_path: Path, pages: Path) -> None:
    ingest(tmp_path / "news", pages)
    # As if the process had been killed after the page was kept, and before its article was written.
    with closing(sqlite3.connect(tmp_path / "news" / "archive.db")) as connection, connection:
        connection.execute("INSERT INTO unread SELECT key, page FROM ingested WHERE article_id IS NOT NULL LIMIT 2")
        connection.execute("DELETE FROM ingested WHERE key IN (SELECT key FROM unread)")
    again = ingest(tmp_path / "news", pages)
    assert "2 pages read that an earlier command had kept" in again.stderr
    assert again.stderr.endswith("7 pages: 6 in the archive already, 1 failed (1 no_headline)\n")
    assert len(kept(tmp_path / "news")) == 7


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, pages: Path) -> None:
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "ingest", "--archive", "news", "-"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # The first line shows that it is a list.
        process.stdin.write(f"{pages / '0.html'}\n{pages / '1.html'}\n{pages / '2.html'}\n")
        process.stdin.flush()
        assert process.stderr.readline() == "local archive: ./news (new)\n"
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        said = process.stderr.read()
    assert process.returncode == 130
    assert said.endswith("stopped; what is counted here is kept; run the same command again to continue\n")
    rest = ingest(tmp_path / "news", pages)
    assert len(rest.stdout.splitlines()) == 6


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("mine"), "is a file; an archive is a folder"),
        (
            lambda path: (path.mkdir(), (path / "thesis.tex").touch()),
            "is no archive and holds other files (thesis.tex)",
        ),
    ],
    ids=["file", "other files"],
)
def test_what_is_no_archive_is_refused_and_left_alone(tmp_path: Path, pages: Path, make: object, said: str) -> None:
    make(tmp_path / "news")  # type: ignore[operator]
    before = sorted(tmp_path.rglob("*"))
    result = ingest(tmp_path / "news", pages)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("folder", "said"),
    [("pages/0.html/news", "0.html"), ("/proc/news", "/proc/news"), ("n" * 300, "too long")],
    ids=["below a file", "read-only for everybody", "a name that is too long"],
)
def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path, pages: Path, folder: str, said: str) -> None:
    result = ingest(tmp_path / folder, pages)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["nosuch.html"], "nosuch.html: unreadable_file: no such file or folder"),
        (["http://"], "http://: bad_url"),
        (["empty.html", "nosuch.html"], "2 inputs, and none can be read; no archive was made"),
        (["https://example.com/1", "--url", "https://example.com/2"], "it is for saved files"),
        (["pages", "--url", "https://example.com/2"], "it is for one file"),
        (["pages", "--log", "nosuch/log"], "nosuch/log"),
        (["pages", "--host", "http://"], "--host"),
    ],
    ids=["no file", "no URL", "none of several", "two URLs", "many pages", "log", "host"],
)
def test_a_mistake_makes_no_archive(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[str], said: str
) -> None:
    monkeypatch.chdir(pages.parent)
    Path("empty.html").touch()
    result = ingest(tmp_path / "news", *inputs)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert not (tmp_path / "news").exists()


def test_a_list_that_has_one_page_makes_an_archive(tmp_path: Path, pages: Path) -> None:
    result = ingest(tmp_path / "news", "nosuch.html", pages / "0.html")
    assert result.stderr.endswith("\n2 pages: 1 article, 1 failed (1 unreadable_file)\n")


@pytest.mark.slow
@pytest.mark.parametrize("written", [1_000, 500_000], ids=["at once", "later"])
def test_a_full_disk_is_said_in_words_and_loses_nothing(tmp_path: Path, pages: Path, written: int) -> None:
    script = (
        # The limit ends with the command, because coverage writes its file after that.
        "import atexit, resource as r, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "before = r.getrlimit(r.RLIMIT_FSIZE); atexit.register(lambda: r.setrlimit(r.RLIMIT_FSIZE, before)); "
        f"r.setrlimit(r.RLIMIT_FSIZE, ({written}, before[1])); "
        "from khobor.cli.main import app; app()"
    )
    for number in range(40):
        head = f'<link rel="canonical" href="https://news.example/town/{number}">'
        text = " ".join(f"word{number}x{each}" for each in range(300))
        article = f"<h1>Bridge {number} opens</h1><p>{text}</p>"
        (pages / f"town-{number}.html").write_bytes(page(article=article, head=head, json_ld={}))
    command = [sys.executable, "-c", script, "ingest", "--archive", "news", "--jobs", "1", str(pages)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "disk" in done.stderr or "File too large" in done.stderr
    again = ingest(tmp_path / "news", pages)
    assert again.exit_code == 1
    assert len(again.stdout.splitlines()) == 46


@pytest.mark.slow
def test_urls_of_a_list_are_fetched_and_printed_as_their_lines_come(tmp_path: Path, httpserver: HTTPServer) -> None:
    for number in (1, 2):
        body = page(title=f"Bridge {number} opens")
        httpserver.expect_request(f"/{number}").respond_with_data(body, content_type="text/html")
    url = f"http://127.0.0.1:{httpserver.port}"
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "ingest", "-", "--allow-loopback"]
    with subprocess.Popen(
        [*command, "--archive", "news"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            process.stdin.write(f"{url}/{number}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["title"] == f"Bridge {number} opens"
        # The list is still open.
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None
        said = process.stderr.read()
    assert "stopped; what is counted here is kept; run the same command again to continue" in said
    assert "Traceback" not in said
    assert "Fatal" not in said


@pytest.mark.slow
def test_files_of_a_list_are_read_as_their_lines_come(tmp_path: Path, pages: Path) -> None:
    command = [sys.executable, "-c", "from khobor.cli.main import app; app()", "ingest", "-", "--archive", "news"]
    with subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(f"{pages / f'{number}.html'}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["title"] == f"Bridge {number} opens"
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.splitlines()[-1]) == (0, "3 pages: 3 articles")
