"""Where the files are that are no Python package: the template, the functions' code, the page of the demo.

A wheel carries them beside this module. A checkout has them in its own folders.
"""

from pathlib import Path
from typing import Final

_PACKAGED = Path(__file__).parent / "bundle"

# The folder of the checkout that this module is part of; None where khobor was installed from a wheel.
CHECKOUT: Final = None if _PACKAGED.is_dir() else Path(__file__).parents[4]
# The template's paths, such as those of the functions' code, start in its folder.
TEMPLATE: Final = (CHECKOUT or _PACKAGED) / "template.yaml"
DEMO_PAGE: Final = CHECKOUT / "tests" / "sources" / "kalbela" / "page.html" if CHECKOUT else _PACKAGED / "page.html"
# The URL that the page of the demo says is its own.
DEMO_URL: Final = "https://www.kalbela.com/world/12345"
# Local test events; a wheel has none.
EVENTS: Final = CHECKOUT / "events" if CHECKOUT else None
