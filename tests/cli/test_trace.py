"""``khobor trace``: the whole way of an article, from the logs of functions that ran."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from tests.cloudwatch import publish_logs
from tests.example_pages import page
from typer.testing import CliRunner, Result
from werkzeug import Response

from khobor.cli.main import app
from khobor.embedded.stack import EmbeddedStack
from khobor.sources.registry import bundled_sources

SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
enabled = true
article_url = '^/news/'
[discovery]
interval_minutes = 5
feeds = ["{site}/feed"]
[fetching]
delay_seconds = 0
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["trace", *arguments])


def traced(*arguments: str) -> list[dict[str, Any]]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def way(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the stages and messages that both places have."""
    return [(line["stage"], line["message"]) for line in lines if line["stage"] != "announce"]


def listed(httpserver: HTTPServer, path: str, answer: Response | None) -> str:
    """Let the feed of a site list an article, with a page or an answer; return the address of the site."""
    item = f"<item><link>{path}?token=s3cr3t</link></item>"
    httpserver.expect_request("/feed").respond_with_data(f"<rss><channel>{item}</channel></rss>")
    httpserver.expect_request(path).respond_with_handler(lambda _: answer or Response(page(), content_type="text/html"))
    return f"http://127.0.0.1:{httpserver.port}"


@pytest.fixture
def crawl_by_stack(stack: EmbeddedStack, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Take an article through the stages of a stack; the function returns its URL."""
    monkeypatch.delenv("KHOBOR_ARCHIVE")
    monkeypatch.setenv("KHOBOR_STACK", "khobor")

    def crawled(path: str = "/news/1", answer: Response | None = None) -> str:
        site = listed(httpserver, path, answer)
        kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
        stack.upload("sources/kalbela.toml", kalbela.encode())
        stack.upload("sources/daily.toml", SOURCE.format(site=site).encode())
        stack.tick(datetime.now(UTC))
        stack.run()
        publish_logs(stack)
        return f"{site}{path}?token=s3cr3t"

    return crawled


@pytest.fixture
def crawl_by_command(archive: Path, httpserver: HTTPServer) -> Callable[..., str]:
    """Crawl an article into a local archive; the function returns its URL."""

    def crawled(path: str = "/news/1", answer: Response | None = None) -> str:
        site = listed(httpserver, path, answer)
        (archive / "sources").mkdir(parents=True)
        (archive / "sources" / "daily.toml").write_text(SOURCE.format(site=site))
        CliRunner().invoke(app, ["crawl", "daily", "--allow-loopback"])
        return f"{site}{path}?token=s3cr3t"

    return crawled


@pytest.fixture(params=["folder", "stack"])
def crawl(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Take an article through the stages at each place."""
    name = "crawl_by_stack" if request.param == "stack" else "crawl_by_command"
    chosen: Callable[..., str] = request.getfixturevalue(name)
    return chosen


def test_an_articles_whole_way_is_told_in_order(crawl: Callable[..., str]) -> None:
    lines = traced(crawl())
    assert way(lines) == [("discover", "found"), ("fetch", "stored"), ("parse", "parsed"), ("store", "stored")]
    assert len({line["article_id"] for line in lines}) == 1
    assert lines[1]["key"] == lines[2]["key"] == lines[3]["key"]
    assert lines[2]["evidence"]["title"] == "heuristic"
    assert {line["source"] for line in lines} == {"daily"}


def test_on_a_stack_the_events_are_told_too(crawl_by_stack: Callable[..., str]) -> None:
    assert [(line["stage"], line["message"]) for line in traced(crawl_by_stack())][-1] == ("announce", "ArticleStored")


def test_a_folder_without_an_archive_is_said(tmp_path: Path) -> None:
    result = run("https://www.example.com/1", "--archive", str(tmp_path / "none"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no archive in" in result.stderr


def test_no_secret_of_a_url_is_in_the_log_of_an_archive(crawl_by_command: Callable[..., str], archive: Path) -> None:
    crawl_by_command()
    (log,) = (archive / "log").iterdir()
    assert "token=***" in log.read_text()
    assert "s3cr3t" not in log.read_text()


def test_no_secret_of_a_url_is_told(crawl_by_stack: Callable[..., str], stack: EmbeddedStack) -> None:
    crawl_by_stack()
    stack.log.seek(0)
    said = stack.log.read()
    assert "token=***" in said
    assert "s3cr3t" not in said


def test_an_article_is_traced_by_its_id_and_by_the_key_of_its_page(crawl: Callable[..., str]) -> None:
    lines = traced(crawl())
    assert traced(lines[0]["article_id"]) == lines
    assert traced(lines[1]["key"]) == lines


def test_an_article_whose_page_has_another_address_is_traced_by_both(crawl: Callable[..., str]) -> None:
    head = '<link rel="canonical" href="/news/1/the-bridge">'
    url = crawl(answer=Response(page(head=head), content_type="text/html"))
    lines = traced(url)
    assert [stage for stage, _ in way(lines)] == ["discover", "fetch", "parse", "store"]
    (both,) = (line for line in lines if "same_as" in line)
    assert (both["stage"], both["same_as"]) == ("parse", lines[0]["article_id"])
    assert traced(both["article_id"]) == lines


def test_an_article_behind_a_redirect_is_traced_by_where_it_leads(
    crawl: Callable[..., str], httpserver: HTTPServer
) -> None:
    there = httpserver.url_for("/news/2")
    head = '<link rel="canonical" href="/news/2/the-bridge">'
    httpserver.expect_request("/news/2").respond_with_data(page(head=head), content_type="text/html")
    url = crawl(answer=Response(status=302, headers={"Location": there}))
    lines = traced(url)
    assert way(lines)[:3] == [("discover", "found"), ("fetch", "redirected"), ("fetch", "stored")]
    assert way(lines)[-1] == ("store", "stored")
    assert traced(there) == lines


@pytest.mark.parametrize(
    ("answer", "last", "reason"),
    [
        (Response(b"<html><body><p>Log in</p></body></html>", content_type="text/html"), "parse", "no_headline"),
        (Response(status=403), "fetch", "http_403"),
    ],
    ids=["no article", "refused"],
)
def test_where_a_way_ended_and_why_is_told(crawl: Callable[..., str], answer: Response, last: str, reason: str) -> None:
    end = traced(crawl(answer=answer))[-1]
    assert (end["stage"], end["reason"], end["level"]) == (last, reason, "WARNING")


def test_only_what_is_asked_for_is_looked_at(crawl: Callable[..., str], clock: time_machine.Traveller) -> None:
    url = crawl()
    clock.shift(timedelta(days=15))
    result = run(url)
    assert result.exit_code == 1
    assert "not mention" in result.stderr
    assert "use --from" in result.stderr
    today = (datetime.now(UTC) - timedelta(days=16)).date().isoformat()
    assert len(way(traced(url, "--from", today))) == 4
    assert run(url, "--from", today, "--to", today).exit_code == 1


def test_a_person_gets_a_table(crawl: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    url = crawl()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "150")
    shown = run(url).stdout
    assert "parsed" in shown
    assert "title by heuristic" in shown
    assert "pages/127.0.0.1/" in shown
    assert not shown.startswith("{")


def test_what_is_no_url_is_refused() -> None:
    result = run("https://")
    assert result.exit_code == 2
    assert "is no" in result.stderr


def test_an_uploaded_page_without_a_url_is_traced_by_its_key(
    stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KHOBOR_ARCHIVE")
    monkeypatch.setenv("KHOBOR_STACK", "khobor")
    stack.upload("uploads/page.html", page())
    stack.run()
    publish_logs(stack)
    lines = traced("uploads/page.html")
    assert [stage for stage, _ in way(lines)] == ["parse", "store"]
    (article,) = stack.articles()
    assert {line["article_id"] for line in lines} == {article.article_id}


CONTENT = {
    "title": "Zanzibar bridge opens",
    "head": '<meta name="description" content="Quokka of a summary"><meta name="keywords" content="Xylophone">',
    "article": '<p class="byline">By <a rel="author" href="/a">Wolfgang Ypsilon</a></p>',
    "paragraphs": ("Numbat paragraphs tell of the bridge over the river, of its arches, and of those who cross it.",)
    * 4,
}


def test_no_line_of_a_whole_run_has_anything_of_a_pages_content(
    crawl_by_stack: Callable[..., str], stack: EmbeddedStack
) -> None:
    crawl_by_stack(answer=Response(page(**CONTENT), content_type="text/html"))  # type: ignore[arg-type] # by keyword, as above
    (article,) = stack.articles()
    assert article.title == "Zanzibar bridge opens"
    stack.log.seek(0)
    said = stack.log.read()
    assert article.article_id in said
    for word in ("Zanzibar", "Quokka", "Xylophone", "Ypsilon", "Numbat"):
        assert word not in said


def test_an_article_that_is_gone_is_traced_to_the_end(
    crawl_by_stack: Callable[..., str], stack: EmbeddedStack, httpserver: HTTPServer, clock: time_machine.Traveller
) -> None:
    url = crawl_by_stack()
    httpserver.clear_all_handlers()
    httpserver.expect_request("/news/1").respond_with_data(status=410)
    clock.shift(timedelta(hours=4))
    for _ in range(2):
        stack.tick(datetime.now(UTC))
        stack.run()
    publish_logs(stack)
    assert [(line["stage"], line["message"]) for line in traced(url)][5:] == [
        ("discover", "due again"),
        ("fetch", "gone"),
        ("store", "gone"),
        ("announce", "ArticleGone"),
    ]


@pytest.mark.parametrize("what", ["", " "])
def test_nothing_is_traced_without_a_name(what: str) -> None:
    result = run(what)
    assert result.exit_code == 2
    assert "give a URL, an id or a key" in result.stderr


def test_who_claims_an_article_of_another_site_is_seen_in_its_trace(
    stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KHOBOR_ARCHIVE")
    monkeypatch.setenv("KHOBOR_STACK", "khobor")
    theirs = "https://victim.example/news/1"
    stack.upload("uploads/theirs.html", page(title="Their bridge"), {"url": theirs})
    stack.run()
    head = f'<link rel="canonical" href="{theirs}"><meta property="og:url" content="{theirs}?utm_source=x">'
    stack.upload("uploads/evil.html", page(title="No bridge", head=head), {"url": "https://evil.example/news/2"})
    stack.run()
    publish_logs(stack)
    lines = traced(theirs)
    (claim,) = (line for line in lines if "refused" in line)
    assert claim["url"] == "https://evil.example/news/2"
    assert claim["refused"] == [f"{theirs} (another site)", f"{theirs}?utm_source=x (another site)"]
    stack.log.seek(0)
    counts = [counted for line in stack.log for counted in json.loads(line).get("ClaimsRefused", ())]
    assert counts == [2.0]
    stored = {article.title: article.canonical_url for article in stack.articles()}
    assert stored == {"Their bridge": theirs, "No bridge": "https://evil.example/news/2"}


@pytest.mark.parametrize(("status", "fact"), [(301, "moved"), (410, "gone")])
def test_what_a_site_says_of_another_sites_url_is_seen_in_its_trace(
    crawl_by_stack: Callable[..., str],
    stack: EmbeddedStack,
    httpserver: HTTPServer,
    status: int,
    fact: str,
) -> None:
    there = f"http://localhost:{httpserver.port}/theirs"
    httpserver.expect_request("/theirs").respond_with_data(page(), content_type="text/html")
    crawl_by_stack(answer=Response(status=301, headers={"Location": there}))
    httpserver.clear_all_handlers()
    httpserver.expect_request("/news/1").respond_with_data(status=status, headers={"Location": there})
    httpserver.expect_request("/theirs").respond_with_data(page(), content_type="text/html")
    stack.tick(datetime.now(UTC) + timedelta(hours=4))
    stack.run()
    publish_logs(stack)
    refused = [line["refused"] for line in traced(there) if line["stage"] == "fetch" and "refused" in line]
    assert [f"{fact}: {there} (another site)"] in refused
