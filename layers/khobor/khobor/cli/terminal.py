"""The terminal that the command writes to."""

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderableType
from rich.segment import Segment

from khobor.characters import isolated

# The exit status after Ctrl-C, as in shells.
INTERRUPTED = 130
# The styles of the levels of a log.
LEVEL_STYLES = {"WARNING": "yellow", "ERROR": "red"}
_CONTROL_CODES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Nothing is wrapped or cut that goes into a pipe or a file.
_UNLIMITED = 1_000_000
_TRAILING_SPACES = re.compile(r"[ ]+$", re.MULTILINE)


class Terminal(Console):
    """A terminal that nothing of what is shown can command: control codes (ISO 6429) of it are left out.

    No text changes the direction of what stands beside it either: what would is isolated.

    Where it is none, but a pipe or a file, lines are as long as what stands in them.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of something; those that rich commands the terminal with stay.

        Args:
            renderable: What to print.
            options: How wide, in which style; None for those of the terminal.
        """
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=isolated(_CONTROL_CODES.sub("", segment.text)))

    @property
    def size(self) -> ConsoleDimensions:
        """Columns and lines; a width that was set holds, and a pipe has none."""
        size = super().size
        if self.is_terminal or self._width is not None:
            return size
        return ConsoleDimensions(_UNLIMITED, size.height)

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self._width, self._height = new_size

    def print(self, *objects: Any, **options: Any) -> None:
        """Print; the cells of a table are not filled up with spaces in a pipe."""
        if self.is_terminal or self._width is not None:
            super().print(*objects, **options)
            return
        with self.capture() as captured:
            super().print(*objects, **options)
        text = captured.get()
        end = "" if text.endswith("\n") else text[len(text.rstrip(" ")) :]
        self.file.write(_TRAILING_SPACES.sub("", text) + end)
        # As rich does: what reads the pipe, of the console or of tail, waits for each line.
        self.file.flush()

    def on_broken_pipe(self) -> None:
        """Leave it to the boundary of the command that nobody reads any more."""
        raise  # noqa: PLE0704 it is called where the error is handled


def reading_width(console: Console, most: int) -> int:
    """Return the width of a text for reading, at most so many columns where lines are wrapped at all.

    Args:
        console: The terminal.
        most: The most columns.
    """
    return min(most, console.width) if console.width < _UNLIMITED else console.width


output = Terminal(highlight=False)
errors = Terminal(stderr=True, highlight=False)
