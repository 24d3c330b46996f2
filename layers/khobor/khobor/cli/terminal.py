"""The terminal that the command writes to."""

import re
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_CONTROL_CODES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Terminal(Console):
    """A terminal that nothing of what is shown can command: control codes (ISO 6429) of it are left out."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of something; those that rich commands the terminal with stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=_CONTROL_CODES.sub("", segment.text))


output = Terminal(highlight=False)
errors = Terminal(stderr=True, highlight=False)
