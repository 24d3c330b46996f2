"""The console in Chromium, over an archive of articles written for the tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import pytest
import time_machine
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright
from tests.conftest import PARAMETERS
from tests.console.newsroom import COPY, FERRY, HOSTILE, KARACHI, NOON, fill

from khobor.cli.console_deployments import embedded_deployment
from khobor.console.server import Opening, serve_console
from khobor.embedded.stack import EmbeddedStack
from khobor.url import url_id

Scheme = Literal["light", "dark"]

ARTICLE = f"/articles/{url_id(FERRY)}"
PAGES = {
    "headlines": "/",
    "nothing": "/?day=2026-02-01",
    "unknown-source": "/?source=the-brigde",
    "added": "/?order=added",
    "search": "/search?q=মেঘনায়",
    "changes": "/changes?kind=headline",
    "article": ARTICLE,
    "copied": f"/articles/{url_id(COPY)}",
    "urdu": f"/articles/{url_id(KARACHI)}",
    "hostile": f"/articles/{url_id(HOSTILE)}",
    "invented": "/articles/hostile",
    "revisions": f"{ARTICLE}/revisions",
    "compare": f"{ARTICLE}/compare?before=1&after=2",
    "sources": "/sources",
    "dead-letters": "/dead-letters",
    "add": "/add",
    "not-found": "/nowhere",
}


@dataclass
class Tab:
    """A tab of the browser, with a record of its events.

    Attributes:
        page: Playwright's page.
        origin: Where the console is.
        dialogs: What scripts said, had they run.
        elsewhere: What was asked of others than the console.
        errors: What the browser reports as errors, such as a script that failed or was not allowed.
    """

    page: Page
    origin: str
    dialogs: list[str] = field(default_factory=list)
    elsewhere: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._note_dialog)
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, path: str) -> Page:
        """Open a page of the console."""
        self.page.goto(f"{self.origin}{path}")
        return self.page

    def _note_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(self.origin):
            self.elsewhere.append(request)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)


OpenTab = Callable[..., Tab]


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # As root, in a container, Chromium has no sandbox; what it opens here was written for the tests.
        arguments = ["--headless=new", "--no-sandbox"]
        path = str(request.config.getoption("--chromium"))
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="package")
def opening() -> Iterator[Opening]:
    """Where the console opens."""
    with (
        time_machine.travel(NOON, tick=True),
        EmbeddedStack(PARAMETERS) as stack,
    ):
        fill(stack)
        with serve_console(embedded_deployment(stack)) as opening:
            yield opening


@pytest.fixture
def open_tab(browser: Browser, opening: Opening) -> Iterator[OpenTab]:
    """Open the console in a tab of a width in CSS pixels and a colour scheme."""
    with tabs(browser) as open_tab:
        yield partial(open_tab, opening)


@contextmanager
def tabs(browser: Browser) -> Iterator[OpenTab]:
    """Open consoles in tabs, which are closed in the end."""
    contexts = []

    def open_tab(opening: Opening, *, width: int = 1280, scheme: Scheme = "light", with_scripts: bool = True) -> Tab:
        viewport = {"width": width, "height": 800}
        contexts.append(browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=with_scripts))
        tab = Tab(contexts[-1].new_page(), f"http://{opening.guard.name}:{opening.port}")
        tab.page.goto(opening.new_address())
        return tab

    yield open_tab
    for context in contexts:
        context.close()
