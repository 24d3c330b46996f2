"""The paths of files outside the Python package: the template, the functions' code, the demo page.

In a wheel they are beside this module, in a checkout in their own folders.
"""

from pathlib import Path
from typing import Final

_PACKAGED = Path(__file__).parent / "bundle"

# The folder of the checkout that contains this module; None if khobor was installed from a wheel.
CHECKOUT: Final = None if _PACKAGED.is_dir() else Path(__file__).parents[4]
# Paths within the template, such as those of the functions' code, are relative to its folder.
TEMPLATE: Final = (CHECKOUT or _PACKAGED) / "template.yaml"
DEMO_PAGE: Final = CHECKOUT / "tests" / "sources" / "kalbela" / "page.html" if CHECKOUT else _PACKAGED / "page.html"
# The canonical URL of the demo page.
DEMO_URL: Final = "https://www.kalbela.com/world/12345"
# The local test events; None in a wheel.
EVENTS: Final = CHECKOUT / "events" if CHECKOUT else None
