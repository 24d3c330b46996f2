"""No script of a stored page runs, and no other site reads or sends anything."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pytest_httpserver import HTTPServer
from tests.browser.conftest import PAGES, OpenTab

from khobor.cli.commands.console import opening_page
from khobor.console.server import Opening


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_of_a_stored_page_runs_or_is_loaded(open_tab: OpenTab, path: str) -> None:
    tab = open_tab()
    shown = tab.open(path)
    shown.locator("main *").evaluate_all("all => all.forEach(e => e.dispatchEvent(new MouseEvent('mouseover')))")
    shown.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    shown.wait_for_load_state("networkidle")
    assert tab.dialogs == []
    assert tab.elsewhere == []


def test_no_link_of_a_stored_page_is_a_script(open_tab: OpenTab) -> None:
    tab = open_tab()
    for name in ("hostile", "invented"):
        shown = tab.open(PAGES[name])
        protocols = shown.locator("a, img, iframe, form").evaluate_all("all => all.map(e => e.protocol).filter(p => p)")
        assert set(protocols) <= {"http:", "https:"}


def test_images_that_were_asked_for_are_images_and_nothing_else(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.page.route("https://**", lambda route: route.fulfill(content_type="image/svg+xml", body=SVG))
    shown = tab.open(f"{PAGES['hostile']}?images=show")
    shown.locator("img").first.scroll_into_view_if_needed()
    shown.wait_for_load_state("networkidle")
    assert {request.resource_type for request in tab.elsewhere} == {"image"}
    assert all(request.url.startswith("https://") for request in tab.elsewhere)
    assert not any("referer" in request.headers for request in tab.elsewhere)
    assert tab.dialogs == []
    assert tab.open(f"{PAGES['invented']}?images=show").locator("img").count() == 0


SVG = """<svg xmlns="http://www.w3.org/2000/svg" onload="alert('ran')"><script>alert('ran')</script>
<image href="https://attacker.example/1.png"/></svg>"""


def test_a_page_that_is_served_on_this_machine_too_can_do_nothing(open_tab: OpenTab, httpserver: HTTPServer) -> None:
    tab = open_tab()
    hidden = (
        f'<form method="post" action="{tab.origin}/add/url"><input name="url" value="https://example.com/1"></form>'
    )
    attack = f"<iframe src='{tab.origin}/'></iframe>{hidden}<script>document.forms[0].submit()</script>"
    httpserver.expect_request("/attack").respond_with_data(attack, content_type="text/html")
    # By the same name and another port, which makes it the same site for cookies.
    name = urlsplit(tab.origin).hostname or ""
    tab.page.goto(httpserver.url_for("/attack").replace("localhost", name))
    tab.page.wait_for_url(f"{tab.origin}/add/url")
    assert "Forbidden" in tab.page.content()
    read = "url => fetch(url, {credentials: 'include'}).then(answer => answer.text(), () => 'blocked')"
    httpserver.expect_request("/read").respond_with_data("<p>Reading</p>", content_type="text/html")
    tab.page.goto(httpserver.url_for("/read").replace("localhost", name))
    assert tab.page.evaluate(read, f"{tab.origin}/") == "blocked"


def test_who_was_not_given_the_address_sees_nothing(browser: Browser, opening: Opening) -> None:
    context = browser.new_context()
    shown = context.new_page()
    answer = shown.goto(opening.address.partition("?")[0])
    assert answer is not None
    assert answer.status == 403
    assert shown.locator(".headlines").count() == 0
    context.close()


def test_the_file_that_opens_it_leads_to_the_headlines_once(browser: Browser, opening: Opening) -> None:
    with opening_page(opening) as page:
        for is_first in (True, False):
            context = browser.new_context()
            shown = context.new_page()
            shown.goto(page.as_uri())
            shown.wait_for_selector("main")
            assert (shown.locator(".headlines").count() > 0) is is_first
            context.close()


def test_its_cookie_goes_to_no_other_server_of_this_machine(open_tab: OpenTab, httpserver: HTTPServer) -> None:
    tab = open_tab()
    httpserver.expect_request("/").respond_with_data("<p>Reading</p>", content_type="text/html")
    for name in ("127.0.0.1", "localhost"):
        tab.page.goto(httpserver.url_for("/").replace("localhost", name))
    assert not any(request.headers.get("Cookie") for request, _ in httpserver.log)
