import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.conftest import ROOT
from tests.example_pages import KALBELA, page
from typer.testing import CliRunner, Result

from khobor.cli.commands.new_source import DraftFolders, draft_folders
from khobor.cli.main import app
from khobor.extract import extract
from khobor.sources.checking import load_sources
from khobor.sources.registry import BUNDLED_FOLDER, Registry, bundled_sources, read_folder
from khobor.sources.source import Source

RUNNER = CliRunner()
LOCALE = '<meta property="og:locale" content="bn_BD"><meta property="og:site_name" content="The Daily Test">'
DATED = '<meta property="article:published_time" content="2026-03-12T09:00:00{}">'
CREDITS = '<div class="post-meta"><p class="reporter-name">written at the desk of mina</p></div>'


def saved(folder: Path, number: int, *, head: str = "", article: str = "") -> Path:
    link = f'<link rel="canonical" href="https://www.daily.example/city/{number}">'
    path = folder / f"saved-{number}.html"
    path.write_bytes(page(head=link + head, title=f"Old bridge opens again after {number} days", article=article))
    return path


def draft(folder: Path, *inputs: object, options: tuple[str, ...] = ()) -> Result:
    return RUNNER.invoke(app, ["new-source", *map(str, inputs), "--folder", str(folder / "mine"), *options])


def source_of(folder: Path, name: str = "daily") -> Source:
    registry, problems = load_sources(read_folder(folder / "mine"), Registry({}))
    assert problems == []
    (source,) = (source for source in registry if source.name == name)
    return source


def test_a_source_is_drafted_from_a_page(tmp_path: Path) -> None:
    result = draft(tmp_path, saved(tmp_path, 1234, head=LOCALE + DATED.format("+06:00")))
    assert result.exit_code == 0
    source = source_of(tmp_path)
    assert (source.publisher, source.hosts, source.language) == ("The Daily Test", ("daily.example",), "en")
    assert (source.zone, source.article_url) == ("Asia/Dhaka", r"/\d+/?$")


def test_the_draft_is_a_test_that_holds(tmp_path: Path) -> None:
    path = saved(tmp_path, 1234)
    draft(tmp_path, path)
    test = tmp_path / "mine" / "daily"
    assert (test / "page.html").read_bytes() == path.read_bytes()
    expected = json.loads((test / "expected.json").read_text())
    files = {name: text.decode() for name, text in read_folder(tmp_path / "mine").items()}
    article = extract(path.read_bytes(), None, sources=bundled_sources().overlay(files))
    assert (expected["source"], expected["title"]) == ("daily", "Old bridge opens again after 1234 days")
    assert (article.source, article.body_text) == ("daily", expected["body_text"])


def test_what_the_general_way_finds_is_told_and_where_the_rest_may_stand(tmp_path: Path) -> None:
    result = draft(tmp_path, saved(tmp_path, 1), saved(tmp_path, 2, article=CREDITS))
    text = (tmp_path / "mine" / "daily.toml").read_text()
    assert '# title: found on 2 of 2 (heuristic): "Old bridge opens again after 1 days"' in text
    assert "# authors: not found" in text
    assert '# authors = ["p.reporter-name"]  # "written at the desk of mina"' in text
    assert "p.reporter-name  written at the desk of mina" in " ".join(result.stdout.split()).replace(
        "reporter-name ", "reporter-name  "
    )
    assert "title 2 of 2 heuristic Old bridge" in " ".join(result.stdout.split())


def test_a_comment_is_a_rule_once_its_sign_is_taken_away(tmp_path: Path) -> None:
    draft(tmp_path, saved(tmp_path, 1, article=CREDITS))
    path = tmp_path / "mine" / "daily.toml"
    path.write_text(path.read_text().replace("# authors = ", "authors = "))
    assert source_of(tmp_path).versions[0].rules.authors == ("p.reporter-name",)


def test_a_date_without_time_leaves_open_where_the_time_may_stand(tmp_path: Path) -> None:
    article = '<p class="last-update">12 March, a quarter to ten</p>'
    draft(tmp_path, saved(tmp_path, 1, head=DATED.replace("T09:00:00{}", ""), article=article))
    text = (tmp_path / "mine" / "daily.toml").read_text()
    assert '# published_at = ["p.last-update"]  # "12 March, a quarter to ten"' in text


def test_of_several_pages_each_is_a_test(tmp_path: Path) -> None:
    draft(tmp_path, saved(tmp_path, 1), saved(tmp_path, 2))
    titles = [
        json.loads((tmp_path / "mine" / name / "expected.json").read_text())["title"] for name in ("daily", "daily-2")
    ]
    assert titles == ["Old bridge opens again after 1 days", "Old bridge opens again after 2 days"]


@pytest.mark.parametrize(
    ("paths", "pattern"),
    [
        (("/city/1234", "/sports/99"), r"/\d+/?$"),
        (("/2026/03/12/old-bridge", "/2025/11/02/other"), r"/\d{4}/\d{1,2}/\d{1,2}/[^/]+/?$"),
        (("/news/old-bridge-opens-4123456",), r"[-_]\d{4,}/?$"),
        (("/country/77031/bridge", "/sports/77020/goal"), r"/\d+/[^/]+/?$"),
        (("/bangladesh/0a1b2c3d4e5f",), r"/[0-9a-f]{10,}/?$"),
        (("/city/1234", "/city/bridge"), None),
    ],
)
def test_the_pattern_of_article_urls_fits_every_page(
    tmp_path: Path, paths: tuple[str, ...], pattern: str | None
) -> None:
    for number, path in enumerate(paths):
        link = f'<link rel="canonical" href="https://daily.example{path}">'
        (tmp_path / f"{number}.html").write_bytes(page(head=link))
    draft(tmp_path, *sorted(tmp_path.glob("*.html")))
    assert source_of(tmp_path).article_url == pattern


@pytest.mark.parametrize(
    ("host", "head", "zone"),
    [
        ("daily.example", "", None),
        ("daily.it", "", "Europe/Rome"),
        ("daily.tv", "", None),  # sites of any country are in Tuvalu's domain
        ("daily.us", "", None),
        ("daily.it", DATED.format("+01:00"), "Europe/Rome"),
        ("daily.it", DATED.format("+06:00"), None),
        ("daily.example", LOCALE, None),
        ("daily.example", LOCALE + DATED.format("+06:00"), "Asia/Dhaka"),
        ("daily.example", LOCALE + DATED.format("+01:00"), None),
        ("daily.example", LOCALE + DATED.format("Z"), None),
    ],
)
def test_the_zone_is_only_there_if_it_is_sure(tmp_path: Path, host: str, head: str, zone: str | None) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(page(head=f'<link rel="canonical" href="https://{host}/city/1">{head}'))
    draft(tmp_path, path, options=("--name", "daily"))
    assert source_of(tmp_path).zone == zone


def test_a_url_is_fetched(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/city/1").respond_with_data(page(), content_type="text/html")
    url = f"http://127.0.0.1:{httpserver.port}/city/1"
    assert draft(tmp_path, url, options=("--allow-loopback", "--name", "daily")).exit_code == 0
    assert (tmp_path / "mine" / "daily" / "page.html").read_bytes() == page()
    assert source_of(tmp_path).hosts == (f"127.0.0.1:{httpserver.port}",)


def test_this_machine_is_not_fetched_from_unless_asked(tmp_path: Path, httpserver: HTTPServer) -> None:
    result = draft(tmp_path, httpserver.url_for("/city/1"))
    assert result.exit_code == 1
    assert "forbidden_address" in result.stderr


def test_nothing_is_written_over_unless_forced(tmp_path: Path) -> None:
    path = saved(tmp_path, 1)
    draft(tmp_path, path)
    mine = tmp_path / "mine" / "daily.toml"
    mine.write_text("# corrected")
    refused = draft(tmp_path, path)
    assert refused.exit_code == 1
    assert f"{mine}" in refused.stderr
    assert "--force" in refused.stderr
    assert mine.read_text() == "# corrected"
    assert draft(tmp_path, path, options=("--force",)).exit_code == 0
    assert mine.read_text() != "# corrected"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"%PDF-1.7", "not_html"),
        (page(), "no_url"),
        (page(head='<link rel="canonical" href="https://weekly.example/1">'), "many_sites"),
    ],
)
def test_a_page_that_cannot_be_used_is_told_and_nothing_is_written(tmp_path: Path, body: bytes, told: str) -> None:
    other = tmp_path / "other.html"
    other.write_bytes(body)
    result = draft(tmp_path, saved(tmp_path, 1), other)
    assert result.exit_code == 1
    assert told in result.stderr
    assert not (tmp_path / "mine").exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = draft(tmp_path, tmp_path / "missing.html")
    assert result.exit_code == 1
    assert "missing.html" in result.stderr


def test_a_name_that_is_none_is_told(tmp_path: Path) -> None:
    result = draft(tmp_path, saved(tmp_path, 1), options=("--name", "The Daily"))
    assert result.exit_code == 1
    assert "the file's name is the source's" in result.stderr


def test_the_url_of_a_file_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(page())
    assert draft(tmp_path, path, options=("--url", "https://daily.example/city/1")).exit_code == 0
    assert source_of(tmp_path).hosts == ("daily.example",)


def test_a_source_that_khobor_has_is_named(tmp_path: Path) -> None:
    result = draft(tmp_path, KALBELA)
    assert "There is a source for kalbela.com already, kalbela: this one replaces it." in result.stdout


def test_a_source_of_the_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept" / "sources").mkdir(parents=True)
    text = 'version = 1\npublisher = "The Daily"\nhosts = ["daily.example"]\nzone = "Asia/Dhaka"\n'
    (tmp_path / "kept" / "sources" / "mine.toml").write_text(text)
    options = ("--archive", str(tmp_path / "kept"), "--url", "https://daily.example/city/1")
    path = tmp_path / "saved.html"
    path.write_bytes(page())
    result = draft(tmp_path, path, options=options)
    found = " ".join(result.stdout.split())
    assert "There is a source for daily.example already, mine: call this one mine.toml, too, to replace it." in found
    again = draft(tmp_path, path, options=(*options, "--name", "mine", "--force"))
    assert "already, mine: this one replaces it." in " ".join(again.stdout.split())


def test_within_a_checkout_a_draft_goes_to_the_bundled_sources(tmp_path: Path) -> None:
    assert draft_folders(None, ROOT / "tests") == DraftFolders(BUNDLED_FOLDER, ROOT / "tests" / "sources")
    assert draft_folders(tmp_path, ROOT) == DraftFolders(tmp_path, tmp_path)
    assert draft_folders(None, tmp_path) == DraftFolders(tmp_path, tmp_path)


def test_within_a_checkout_a_host_keeps_its_one_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = RUNNER.invoke(app, ["new-source", str(KALBELA), "--name", "other"])
    assert result.exit_code == 1
    assert "khobor already has a source for kalbela.com: edit" in result.stderr
    assert not (BUNDLED_FOLDER / "other.toml").exists()
