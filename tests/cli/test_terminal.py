"""What is shown cannot command the terminal."""

import io

import pytest
from rich.table import Table
from rich.text import Text

from khobor.cli.terminal import Terminal

HOSTILE = "Bridge\x1b]0;mine\x07 opens\x1b[2J \x9b31mred\x08\x7f"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_control_codes_of_what_is_shown_are_left_out(is_terminal: bool) -> None:
    written = io.StringIO()
    terminal = Terminal(file=written, force_terminal=is_terminal, color_system=None, width=60)
    table = Table("title")
    table.add_row(HOSTILE)
    for shown in (HOSTILE, Text(HOSTILE), table):
        terminal.print(shown, markup=False, soft_wrap=not isinstance(shown, Table))
    assert written.getvalue().count("Bridge]0;mine opens[2J 31mred") == 3
    assert not any(code in written.getvalue() for code in "\x07\x08\x1b\x7f\x9b")


def test_colours_of_the_command_itself_stay() -> None:
    written = io.StringIO()
    Terminal(file=written, force_terminal=True, color_system="standard").print(Text("Bridge", style="red"))
    assert written.getvalue() == "\x1b[31mBridge\x1b[0m\n"
