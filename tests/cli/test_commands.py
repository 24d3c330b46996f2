import gzip
import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.example_pages import KALBELA, page
from typer.main import get_command
from typer.testing import CliRunner, Result

from khobor.cli import commands
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


def test_parse_takes_many_pages_and_prints_one_article_a_line(pages: Path) -> None:
    (pages / "খবর ১.html").write_bytes(page(title="A name in Bengali"))
    (pages / "menu.html").write_bytes(b"<html><body>Menu</body></html>")
    result = run("parse", "--json", str(KALBELA), str(pages))
    assert result.exit_code == 1
    titles = [json.loads(line)["title"] for line in result.stdout.splitlines()]
    assert titles == [TITLE, "Old bridge opens again", TITLE, "A name in Bengali"]
    assert f"{pages / 'menu.html'}: no_headline: the page holds no article" in result.stderr
    assert result.stderr.endswith("5 pages: 4 articles, 1 failed\n")


def test_parse_names_the_file_of_each_article_where_there_may_be_several(pages: Path) -> None:
    def files(*arguments: str) -> list[str | None]:
        return [json.loads(line).get("file") for line in run("parse", *arguments).stdout.splitlines()]

    (pages / "খবর \udcff.html").write_bytes(page())
    assert files(str(KALBELA)) == [None]
    assert files(str(KALBELA), str(KALBELA)) == [str(KALBELA)] * 2
    assert files(str(pages / "deeper")) == [str(pages / "deeper" / "bridge.html.gz")]
    assert files(str(pages / "খবর \udcff.html"), str(KALBELA))[0] == str(pages / "খবর \\xff.html")


@pytest.mark.parametrize("how", ["--text", "--explain"])
def test_parse_for_reading_names_files_where_there_may_be_several(how: str, pages: Path) -> None:
    named = run("parse", str(KALBELA), str(pages / "deeper"), how).stdout
    heads = [line for line in named.splitlines() if line.startswith("==>")]
    assert heads == [f"==> {KALBELA} <==", f"==> {pages / 'deeper' / 'bridge.html.gz'} <=="]
    assert "==>" not in run("parse", str(KALBELA), how).stdout


@pytest.mark.parametrize("how", [[], ["--text"], ["--json"]], ids=str)
@pytest.mark.parametrize(
    "body", [b"\x00\x01\x02\x03", b"%PDF-1.7", b"<html><body><nav>Menu</nav></body></html>", b"", b"\x89PNG\r\n"]
)
def test_parse_prints_nothing_of_what_is_no_article(tmp_path: Path, body: bytes, how: list[str]) -> None:
    (tmp_path / "page.html").write_bytes(body)
    result = run("parse", str(tmp_path / "page.html"), *how)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{tmp_path / 'page.html'}: ")


def test_nothing_is_wrapped_in_a_pipe(tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    paragraph = "The bridge over the river opened this morning, and trains run again. " * 8
    saved.write_bytes(page(article=f"<h1>{'A long headline ' * 12}</h1><p>{paragraph}</p>"))
    text = RUNNER.invoke(app, ["parse", str(saved), "--text"], env={"COLUMNS": "40"}).stdout
    assert ("A long headline " * 12).strip() in text.splitlines()
    assert text.splitlines().count(paragraph.strip()) == 1
    explained = RUNNER.invoke(app, ["parse", str(saved), "--explain"], env={"COLUMNS": "40"}).stdout
    assert all(line == line.rstrip() for line in explained.splitlines())


@pytest.mark.slow
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
    first, skipped, total = result.stderr.splitlines()
    assert first.startswith("local archive: ")
    assert skipped == f"1 skipped: {pages / 'notes.txt'} is a .txt file that does not begin like HTML"
    assert total == "2 pages: 2 articles"


def test_ingest_prints_one_article_a_line_and_nothing_else(pages: Path) -> None:
    result = run("ingest", "--json", str(pages))
    titles = {json.loads(line)["title"] for line in result.stdout.splitlines()}
    assert titles == {TITLE, "Old bridge opens again"}


def test_ingest_writes_the_articles_to_a_file_and_prints_none_beside_it(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "articles.jsonl"
    result = run("ingest", str(pages), "--out", str(out))
    assert (result.exit_code, result.stdout) == (0, "")
    assert [json.loads(line)["title"] for line in out.read_text().splitlines()] == ["Old bridge opens again", TITLE]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles.jsonl", "deeper", "kalbela.html", "notes.txt"]


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


def test_ingest_prints_articles_in_the_order_of_the_inputs_and_says_which_are_the_same(pages: Path) -> None:
    for name, number in (("z", 1), ("a", 2), ("m", 3)):
        json_ld = {"@type": "NewsArticle", "url": f"https://news.example/city/{number % 3}"}
        head = f'<link rel="canonical" href="https://news.example/city/{number % 3}">'
        (pages / f"{name}.html").write_bytes(page(title=f"Bridge {number} opens", head=head, json_ld=json_ld))
    (pages / "again.html").write_bytes((pages / "z.html").read_bytes())
    given = [str(pages / f"{name}.html") for name in ("z", "m", "again", "a", "kalbela")]
    result = run("ingest", *given)
    titles = [json.loads(line)["title"] for line in result.stdout.splitlines()]
    assert titles == ["Bridge 1 opens", "Bridge 3 opens", "Bridge 2 opens", TITLE]
    assert result.stderr.splitlines()[1:] == [
        f"{pages / 'again.html'}: the same URL as {pages / 'z.html'}",
        "5 pages: 4 articles, 1 with the same URL as another",
    ]


def test_ingest_speaks_of_the_file_and_not_of_a_bucket(tmp_path: Path) -> None:
    names = ["menu.html", "ছবি.html", "目录.html", "bin.html"]
    for name in names:
        (tmp_path / name).write_bytes(b"\x00\x01\x02" if name == "bin.html" else b"<html><body>Menu</body></html>")
    result = run("ingest", *(str(tmp_path / name) for name in names))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "s3://" not in result.stderr
    assert "None" not in result.stderr
    _, *lines, total = result.stderr.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [str(tmp_path / name) for name in names]
    assert all(line.count(str(tmp_path)) == 1 for line in lines)
    assert total == "4 pages: 0 articles, 4 failed (3 no_headline, 1 not_html)"


def test_ingest_reads_a_page_from_standard_input() -> None:
    result = RUNNER.invoke(app, ["ingest", "-", "--url", "https://news.example/city/1"], input=b"\n" + page())
    assert json.loads(result.stdout)["url"] == "https://news.example/city/1"
    broken = RUNNER.invoke(app, ["ingest", "-"], input=b"<html>\n<p>Menu</p>\n</html>\n")
    _, line, total = broken.stderr.splitlines()
    assert (broken.exit_code, line.partition(": ")[0]) == (1, "standard input")
    assert total.startswith("1 page: 0 articles, 1 failed")


def test_ingest_skips_comments_and_empty_lines_of_a_list(pages: Path) -> None:
    result = run("ingest", "-", text=f"# my pages\n\n  # more\n{pages / 'kalbela.html'}\r\n")
    assert result.exit_code == 0
    assert [json.loads(line)["title"] for line in result.stdout.splitlines()] == [TITLE]


def test_ingest_names_the_option_that_fetches_from_this_machine(httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/a")
    result = run("ingest", url)
    assert f"\n{url}: forbidden_address: " in result.stderr
    assert "--allow-loopback" in result.stderr


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


COMMANDS = (
    "",
    "ingest",
    "invoke",
    "parse",
    "sources",
    "sources check",
    "new-source",
    "demo",
    "local",
    "version",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_everywhere(command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


@pytest.mark.parametrize(
    "command", ["ingest", "parse", "sources", "new-source", "crawl", "discover", "list", "redrive"]
)
def test_help_has_examples(command: str) -> None:
    assert f"khobor {command} " in run(command, "--help").stdout


def test_local_says_how_to_start_the_emulator(tmp_path: Path) -> None:
    result = run("local", "articles", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "make local" in result.stderr


@pytest.mark.parametrize("command", ["", "discover", "export", "ingest", "console", "replay"])
def test_help_fits_a_narrow_terminal_and_cuts_nothing(command: str) -> None:
    shown = RUNNER.invoke(app, [*command.split(), "--help"], env={"COLUMNS": "80"}).stdout
    options = shown.partition("\nOptions:\n")[2]
    assert "…" not in options
    assert "..." not in options
    assert ("mailto:operator@localhost]" in options) == (command in {"discover", "ingest", "console"})


def test_help_keeps_each_example_on_a_line_of_its_own() -> None:
    lines = run("ingest", "--help").stdout.splitlines()
    assert "    khobor ingest pages/ --out articles.jsonl" in lines


@pytest.mark.parametrize("command", ["crawl", "discover", "replay --source", "list --source", "export out --source"])
def test_names_of_sources_are_completed(command: str) -> None:
    def completed(words: str) -> str:
        env = {
            "_KHOBOR_COMPLETE": "complete_bash",
            "COMP_WORDS": f"khobor {words}",
            "COMP_CWORD": str(words.count(" ") + 1),
        }
        return RUNNER.invoke(app, [], prog_name="khobor", env=env).stdout

    assert completed(f"{command} kal").split() == ["kalbela"]


def test_each_command_has_the_module_of_its_name() -> None:
    command = get_command(app)
    names = {name.replace("-", "_") for name in command.commands}  # type: ignore[attr-defined]
    assert {path.stem for path in Path(commands.__file__).parent.glob("[!_]*.py")} == names
    for name in names - {"archive", "local", "sources"}:
        module = importlib.import_module(f"khobor.cli.commands.{name}")
        assert inspect.isfunction(getattr(module, name, None) or getattr(module, f"{name}_"))
