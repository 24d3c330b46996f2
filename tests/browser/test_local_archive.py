"""The console on a local archive: pages written for the tests and, with ``--corpus``, real ones in many languages."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.benchmarks import corpus
from tests.browser.conftest import Scheme, Tab, tabs
from tests.browser.test_console import SERIOUS
from tests.console.newsroom import (
    CAIRO,
    CAIRO_PARAGRAPHS,
    FERRY,
    FERRY_LATER,
    FERRY_PARAGRAPHS,
    HOSTILE,
    ferry,
    hostile_page,
)
from tests.example_pages import page
from typer.testing import CliRunner

from khobor.article import Article
from khobor.cli.folder_deployment import FolderDeployment
from khobor.cli.main import app
from khobor.cli.workspace import WorkspaceOptions, sources_of, workspace
from khobor.console.server import Opening, serve_console
from khobor.local.archive_folder import ArchiveFolder
from khobor.local.stopping import Stop
from khobor.url import url_id

# Of the corpus.
MOST_PAGES = 24
SEARCHED = 12
FIXED = {
    "headlines": "/",
    "added": "/?order=added",
    "search": "/search",
    "no-words": "/search?q=!!",
    "nothing-found": "/search?q=zeppelinzeppelin",
    "changes": "/changes?kind=headline",
    "sources": "/sources",
    "add": "/add",
    "dead-letters": "/dead-letters",
    "revisions": f"/articles/{url_id(FERRY)}/revisions",
    "compare": f"/articles/{url_id(FERRY)}/compare?before=1&after=2",
}
SIGN_IN = b"<p>Sign in to read on.</p>"
QUOTATION = re.compile('["“”„«»「」『』*]')
# A longer word is a sentence of a script without spaces.
LONGEST_WORD = 40


@contextmanager
def served(archive: Path) -> Iterator[Opening]:
    """Serve the console of a local archive, as ``khobor console`` does."""
    options = WorkspaceOptions(archive=archive, contact="mailto:a@b.example", log=None, allow_loopback=True, jobs=1)
    with workspace(options, sources_of(archive), Stop()) as opened, serve_console(FolderDeployment(opened)) as opening:
        yield opening


def corpus_files(folder: Path | None) -> list[Path]:
    """Return some pages of a corpus: one of each top-level domain first, so that there are many languages."""
    if folder is None:
        return []
    sets = [folder] if (folder / corpus.TRUTH).is_file() else [folder / name for name in corpus.load(folder)]
    pages = [(each, page) for each in sets for page in corpus.load_set(each)]
    domains = {(urlsplit(page.url).hostname or "").rpartition(".")[2]: page.id for _, page in reversed(pages)}
    chosen = sorted(pages, key=lambda each: each[1].id not in domains.values())[:MOST_PAGES]
    return [each / "pages" / f"{page.id}.html.gz" for each, page in chosen]


def ingest(archive: Path, *arguments: str) -> None:
    """Run ``khobor ingest`` on files, of which some may be no article."""
    result = CliRunner().invoke(app, ["ingest", "--archive", str(archive), *arguments])
    assert result.exit_code in {0, 1}, result.output


@pytest.fixture(scope="module")
def archive(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local archive with the pages."""
    folder = tmp_path_factory.mktemp("local")
    written = {
        FERRY: [ferry("৫", FERRY_PARAGRAPHS), ferry("১২", FERRY_LATER)],
        CAIRO: [page(title="مكتبة في القاهرة تفتح قاعة جديدة للأطفال", paragraphs=CAIRO_PARAGRAPHS, lang="ar")],
        HOSTILE: [hostile_page()],
    }
    for url, versions in written.items():
        for body in versions:
            (folder / "page.html").write_bytes(body)
            ingest(folder / "archive", str(folder / "page.html"), "--url", url)
    if files := corpus_files(pytestconfig.getoption("--corpus")):
        ingest(folder / "archive", *map(str, files))
    return folder / "archive"


@pytest.fixture(scope="module")
def articles(archive: Path, pytestconfig: pytest.Config) -> list[Article]:
    """The articles of the archive, as it has them before the tests add any."""
    with ArchiveFolder.open(archive) as opened:
        found = list(opened.archive.articles())
    assert len(found) >= (MOST_PAGES // 2 if pytestconfig.getoption("--corpus") else 3)
    return found


@pytest.fixture(scope="module")
def opening(archive: Path) -> Iterator[Opening]:
    """Where the console opens."""
    with served(archive) as opening:
        yield opening


@pytest.fixture
def light(browser: Browser, opening: Opening) -> Iterator[Tab]:
    with tabs(browser) as open_tab:
        yield open_tab(opening)


def look(tab: Tab, path: str) -> Page:
    """Open a page, and check that it is accessible, fits, reports no error and sends no request to other hosts."""
    shown = tab.open(path)
    found = Axe().run(shown).response
    assert found["passes"], path
    assert [(each["id"], each["nodes"]) for each in found["violations"] if each["impact"] in SERIOUS] == [], path
    assert shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
    # A refusal is no page that could not be loaded.
    assert [each for each in tab.errors if "status of 400" not in each] == [], path
    assert (tab.dialogs, tab.elsewhere) == ([], []), path
    return shown


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_can_be_read(
    browser: Browser, opening: Opening, articles: list[Article], scheme: Scheme, width: int
) -> None:
    # Half of the articles on each, which are alike.
    mine = articles[width > 1000 :: 2]
    with tabs(browser) as open_tab:
        tab = open_tab(opening, scheme=scheme, width=width)
        for path in FIXED.values():
            look(tab, path)
        for each in mine:
            shown = look(tab, f"/articles/{each.article_id}")
            expect(shown.get_by_role("heading", level=1)).not_to_be_empty()


def a_phrase(text: str) -> str:
    """Return three words from the middle of a text; a few characters in a script without spaces."""
    words = QUOTATION.sub(" ", text).split()
    words = words[len(words) // 2 :][:3]
    return " ".join(words) if max(map(len, words)) < LONGEST_WORD else max(words, key=len)[:6]


def test_a_text_is_found_by_its_words(light: Tab, articles: list[Article]) -> None:
    searched = 0
    for each in articles[:: max(1, len(articles) // SEARCHED)]:
        asked = f'"{a_phrase(each.body_text)}"'
        shown = look(light, f"/search?{urlencode({'q': asked})}")
        result = shown.locator(".headlines li").filter(has=shown.locator(f'a[href="/articles/{each.article_id}"]'))
        expect(result).to_have_count(1)
        expect(result.locator("mark").first).to_be_visible()
        expected = "rtl" if each.language in {"ar", "ur", "he", "fa"} else "ltr"
        assert result.locator(".excerpt").evaluate("e => getComputedStyle(e).direction") == expected
        searched += 1
    assert searched >= 3


def test_what_is_added_is_there_after_a_restart(browser: Browser, archive: Path) -> None:
    file = {"name": "page.html", "mimeType": "text/html", "buffer": page(title="A page that stays")}
    with ExitStack() as stack:
        open_tab = stack.enter_context(tabs(browser))
        with served(archive) as first:
            shown = open_tab(first).open("/add")
            shown.get_by_label("A saved page").set_input_files(file)
            shown.get_by_role("button", name="Upload").click()
            shown.get_by_role("link", name="Read the article").click()
            expect(shown.get_by_role("heading", level=1)).to_have_text("A page that stays")
        with served(archive) as second:
            shown = open_tab(second).open("/")
            shown.get_by_role("link", name="Recently added").click()
            expect(shown.get_by_role("link", name="A page that stays")).to_be_visible()
            shown.get_by_role("link", name="Search").click()
            shown.get_by_label("Words of an article").fill("eleven kilometres")
            shown.get_by_role("button", name="Search").click()
            expect(shown.get_by_role("link", name="A page that stays")).to_be_visible()
            expect(shown.locator(".excerpt mark")).to_have_text(["eleven", "kilometres"])


def test_a_page_without_an_article_is_listed_with_its_reason(light: Tab) -> None:
    shown = light.open("/add")
    file = {"name": "page.html", "mimeType": "text/html", "buffer": SIGN_IN}
    shown.get_by_label("A saved page").set_input_files(file)
    shown.get_by_role("button", name="Upload").click()
    expect(shown.get_by_role("link", name="Add another page")).to_be_visible()
    shown = look(light, "/dead-letters")
    expect(shown.locator(".messages code").filter(has_text="no_headline").first).to_be_visible()
