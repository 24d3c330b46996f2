"""What a reader of the console sees and does in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer
from tests.browser.conftest import ARTICLE, PAGES, OpenTab, Scheme
from tests.example_pages import KALBELA, page

SERIOUS = {"serious", "critical"}
# What a reader of long texts can be asked to read in one line.
MOST_CHARACTERS = 75


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_is_accessible(open_tab: OpenTab, path: str, scheme: Scheme, width: int) -> None:
    shown = open_tab(width=width, scheme=scheme).open(path)
    found = Axe().run(shown).response
    assert found["passes"]
    assert [(each["id"], each["nodes"]) for each in found["violations"] if each["impact"] in SERIOUS] == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_everything(open_tab: OpenTab) -> None:
    shown = open_tab().open("/")
    shown.keyboard.press("Tab")
    skip = shown.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    shown.keyboard.press("Enter")
    expect(shown.locator("main")).to_be_focused()
    reached = []
    for _ in range(4):
        shown.keyboard.press("Tab")
        reached.append(shown.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        assert shown.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[0] == "source"
    assert reached[1] == "day"
    assert reached[2:] == ["Show", "Recently added"]


def test_the_navigation_comes_before_the_content(open_tab: OpenTab) -> None:
    shown = open_tab().open("/")
    names = []
    for _ in range(8):
        shown.keyboard.press("Tab")
        names.append(shown.evaluate("document.activeElement.textContent.trim()"))
    navigation = ["Headlines", "Search", "Changes", "Sources", "Dead-letter queues", "Add a page"]
    assert names == ["Skip to the content", "khobor খবর", *navigation]


def test_bengali_is_shown_in_the_bundled_font_with_room_between_the_lines(open_tab: OpenTab) -> None:
    shown = open_tab().open(ARTICLE)
    shown.evaluate("document.fonts.ready")
    loaded = shown.evaluate("[...document.fonts].filter(font => font.status == 'loaded').map(font => font.family)")
    assert '"Noto Serif Bengali"' in loaded or "Noto Serif Bengali" in loaded
    paragraph = shown.locator(".text > p").first
    ratio = paragraph.evaluate(
        "e => parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize)"
    )
    assert ratio >= 1.7


@pytest.mark.parametrize("name", ["article", "copied"])
def test_lines_are_of_a_length_that_is_read_well(open_tab: OpenTab, name: str) -> None:
    shown = open_tab().open(PAGES[name])
    longest = shown.locator(".text > p").first.evaluate(
        """element => {
          const range = document.createRange(), text = element.firstChild, lines = {};
          for (const {index, segment} of new Intl.Segmenter("bn").segment(text.data)) {
            range.setStart(text, index); range.setEnd(text, index + segment.length);
            const top = Math.round(range.getBoundingClientRect().top / 10);
            lines[top] = (lines[top] || 0) + 1;
          }
          return Math.max(...Object.values(lines));
        }"""
    )
    assert longest <= MOST_CHARACTERS


def test_a_text_from_right_to_left_runs_so(open_tab: OpenTab) -> None:
    shown = open_tab().open(PAGES["urdu"])
    assert shown.locator("h1").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert shown.locator(".text > p").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert shown.locator(".byline").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert shown.locator("h1").get_attribute("dir") == "auto"


def test_from_the_front_page_to_what_changed(open_tab: OpenTab) -> None:
    shown = open_tab(width=360).open("/")
    shown.get_by_role("link", name="মেঘনায় ট্রলারডুবি, ১২ জন উদ্ধার").click()
    shown.get_by_role("link", name="2 revisions").click()
    shown.get_by_role("link", name="Compare with revision 1").click()
    expect(shown.locator("ins").first).to_have_text("১২")
    expect(shown.locator("del").first).to_have_text("৫")


def test_a_file_is_followed_to_its_article(open_tab: OpenTab) -> None:
    shown = open_tab().open("/add")
    shown.get_by_label("A saved page").set_input_files(KALBELA)
    shown.get_by_role("button", name="Upload").click()
    shown.get_by_role("link", name="Read the article").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("পুতিন-কিমের চিঠি বিনিময়")


def test_a_file_is_followed_without_scripts_too(open_tab: OpenTab) -> None:
    shown = open_tab(with_scripts=False).open("/add")
    file = {"name": "page.html", "mimeType": "text/html", "buffer": page(title="A page without scripts")}
    shown.get_by_label("A saved page").set_input_files(file)
    shown.get_by_role("button", name="Upload").click()
    _look_again(shown)
    shown.get_by_role("link", name="Read the article").click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("A page without scripts")


def test_a_url_that_is_not_there_says_why(open_tab: OpenTab, httpserver: HTTPServer) -> None:
    shown = open_tab().open("/add")
    shown.get_by_label("URL of an article").fill(httpserver.url_for("/nowhere"))
    shown.get_by_role("button", name="Fetch").click()
    expect(shown.get_by_text("http_404")).to_be_visible()
    expect(shown.get_by_role("link", name="Add another page")).to_be_visible()


def _look_again(shown: Page) -> None:
    while shown.get_by_role("link", name="Refresh").count():
        shown.get_by_role("link", name="Refresh").click()
