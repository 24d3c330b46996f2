"""The pictures of README and docs; without --screenshots they are taken and thrown away."""

from pathlib import Path

import pytest
from tests.browser.conftest import PAGES, OpenTab, Scheme

MOST_BYTES = 200_000
# Page, width, height, scheme.
PICTURES: dict[str, tuple[str, int, int, Scheme]] = {
    "console-headlines": (PAGES["headlines"], 1000, 720, "light"),
    "console-revisions": (PAGES["compare"], 1000, 720, "light"),
    "console-phone": (PAGES["article"], 360, 720, "dark"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_taken(open_tab: OpenTab, request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    path, width, height, scheme = PICTURES[name]
    folder = request.config.getoption("--screenshots") or tmp_path
    tab = open_tab(width=width, scheme=scheme)
    tab.page.set_viewport_size({"width": width, "height": height})
    shown = tab.open(path)
    shown.evaluate("document.fonts.ready")
    file = folder / f"{name}.png"
    shown.screenshot(path=file)
    assert 0 < file.stat().st_size < MOST_BYTES
