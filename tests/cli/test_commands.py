import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.pages import KALBELA, page
from typer.testing import CliRunner, Result

from khobor.cli.main import app

RUNNER = CliRunner()
TITLE = "পুতিন-কিমের চিঠি বিনিময়"


def run(*arguments: str, text: str | None = None) -> Result:
    return RUNNER.invoke(app, list(arguments), input=text)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "kalbela.html").write_bytes(KALBELA.read_bytes())
    (tmp_path / "deeper" / "bridge.html.gz").write_bytes(gzip.compress(page()))
    (tmp_path / "notes.txt").write_text("not a page")
    return tmp_path


def test_parse_prints_one_article_as_json() -> None:
    result = run("parse", str(KALBELA))
    assert result.exit_code == 0
    article = json.loads(result.stdout)
    assert (article["title"], article["source"]) == (TITLE, "kalbela")
    assert article["body_text"].startswith("নর্থ কোরিয়ার নেতা")


def test_parse_takes_the_url_and_standard_input() -> None:
    result = RUNNER.invoke(app, ["parse", "-", "--url", "https://news.example/city/1"], input=page())
    assert json.loads(result.stdout)["canonical_url"] == "https://news.example/city/1"


def test_parse_for_reading_shows_headline_byline_and_text() -> None:
    result = run("parse", str(KALBELA), "--text")
    assert result.stdout.startswith(f"{TITLE}\n")
    assert "কালবেলা ডেস্ক · 2023-08-16 05:23 +0600" in result.stdout
    assert "অনুসরণ করুন" not in result.stdout


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", "empty"), (b"%PDF-1.7", "not_html"), (gzip.compress(page(), mtime=0)[:-9], "truncated_gzip")],
)
def test_parse_says_why_a_file_is_no_article(tmp_path: Path, body: bytes, reason: str) -> None:
    path = tmp_path / "bad.html"
    path.write_bytes(body)
    result = run("parse", str(path))
    assert result.exit_code == 1
    assert f"{path}: {reason}" in result.stderr


def test_parse_says_that_a_file_is_not_there() -> None:
    result = run("parse", "missing.html")
    assert result.exit_code == 1
    assert "missing.html" in result.stderr


def test_parse_needs_nothing_of_aws() -> None:
    script = "import sys; from khobor.cli.main import app; app(sys.argv[1:], standalone_mode=False); "
    script += "print([name for name in sys.modules if name.startswith(('boto', 'moto'))], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script, "parse", str(KALBELA)], capture_output=True, check=True)
    assert done.stderr.decode().strip() == "[]"


def test_ingest_prints_what_was_stored(pages: Path) -> None:
    result = run("ingest", "--no-json", str(pages))
    assert result.exit_code == 0
    assert f"{TITLE}\n" in result.stdout
    assert "Old bridge opens again\n" in result.stdout
    assert "1 file skipped: " in result.stderr
    assert "notes.txt is a .txt file" in result.stderr
    assert result.stderr.endswith("\n2 pages: 2 articles\n")


def test_ingest_prints_one_article_a_line_and_nothing_else(pages: Path) -> None:
    result = run("ingest", "--json", str(pages))
    titles = {json.loads(line)["title"] for line in result.stdout.splitlines()}
    assert titles == {TITLE, "Old bridge opens again"}


def test_ingest_writes_the_articles_to_a_file(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    run("ingest", str(pages), "--out", str(out))
    assert {json.loads(line)["title"] for line in out.read_text().splitlines()} == {TITLE, "Old bridge opens again"}


def test_ingest_gives_a_file_its_url(pages: Path) -> None:
    result = run("ingest", "--json", str(pages / "deeper" / "bridge.html.gz"), "--url", "https://news.example/city/1")
    assert json.loads(result.stdout)["url"] == "https://news.example/city/1"


def test_ingest_takes_urls_and_standard_input(pages: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/city/1").respond_with_data(page(), content_type="text/html")
    names = f"{httpserver.url_for('/city/1')}\n\n{pages / 'kalbela.html'}\n"
    result = run("ingest", "--allow-loopback", "--json", "-", text=names)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2


def test_ingest_fails_if_one_fails_and_says_which_and_why(pages: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/gone").respond_with_data(status=410)
    (pages / "bad.html").write_bytes(b"%PDF-1.7")
    result = run("ingest", "--allow-loopback", "--json", str(pages), httpserver.url_for("/gone"), "missing.html")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert f"{pages / 'bad.html'}: not_html" in result.stderr
    assert f"{httpserver.url_for('/gone')}: http_410" in result.stderr
    assert "missing.html: unreadable_file" in result.stderr


def test_ingest_does_not_fetch_from_this_machine_unless_asked(httpserver: HTTPServer) -> None:
    result = run("ingest", httpserver.url_for("/a"))
    assert result.exit_code == 1
    assert "forbidden_address" in result.stderr


def test_ingest_of_nothing_is_not_success(tmp_path: Path) -> None:
    result = run("ingest", str(tmp_path))
    assert result.exit_code == 1
    assert "no page" in result.stderr


def test_ingest_refuses_one_url_for_many_files(pages: Path) -> None:
    result = run("ingest", str(pages), "--url", "https://news.example/city/1")
    assert result.exit_code == 2
    assert "--url" in result.stderr


def test_ingest_keeps_what_the_functions_said(pages: Path, tmp_path: Path) -> None:
    log = tmp_path / "functions.log"
    run("ingest", str(pages), "--log", str(log))
    assert "ArticlesStored" in log.read_text()


def test_demo_shows_the_article_and_what_to_do_next() -> None:
    result = run("demo")
    assert result.exit_code == 0
    assert TITLE in result.stdout
    assert "Next:" in result.stdout


COMMANDS = ("", "ingest", "parse", "sources", "sources check", "new-source", "demo", "cost", "local", "version")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_everywhere(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("command", ["ingest", "parse", "sources", "new-source"])
def test_help_has_examples(command: str) -> None:
    assert f"khobor {command} " in run(command, "--help").stdout


def test_local_says_how_to_start_the_emulator(tmp_path: Path) -> None:
    result = run("local", "articles", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "make local" in result.stderr
