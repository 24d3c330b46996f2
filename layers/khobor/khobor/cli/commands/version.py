"""``khobor version``."""

from khobor import __version__
from khobor.cli.terminal import output


def version() -> None:
    """Print the version."""
    output.print(f"khobor {__version__}")
