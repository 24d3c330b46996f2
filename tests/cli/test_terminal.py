"""What is shown cannot command the terminal."""

import io
import json

import pytest
from rich.table import Table
from rich.text import Text

from khobor.cli.output import print_json
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


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("code", [*"\u202a\u202b\u202d\u202e\u2066\u2067\u2068"])
def test_no_text_turns_what_stands_beside_it(is_terminal: bool, code: str) -> None:
    written = io.StringIO()
    terminal = Terminal(file=written, force_terminal=is_terminal, color_system=None, width=60)
    table = Table("title", "source")
    table.add_row(f"\u202c\u2069Bridge {code}opens {code}today", "example")
    for shown in (f"Bridge {code}opens\nexample", Text(f"Bridge {code}opens"), table):
        terminal.print(shown, markup=False, soft_wrap=not isinstance(shown, Table))
    for line in written.getvalue().splitlines():
        depth = 0
        for char in line:
            depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
            assert depth >= 0
            assert char not in "\u202a\u202b\u202c\u202d\u202e"
        assert depth == 0


def test_tags_are_left_out_but_for_flags() -> None:
    written = io.StringIO()
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    Terminal(file=written, width=60).print(f"{scotland} Bri\U000e0041\U000e0001dge\U000e007f")
    assert written.getvalue() == f"{scotland} Bridge\n"


def test_json_commands_no_terminal_either(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    text = "a\x1b[31mb\x9b31mc\x85d\u2028e\u202ef\U000e0041g\ufffeh"
    print_json({"title": text})
    written = capfdbinary.readouterr().out
    assert written.decode().strip().isascii()
    assert json.loads(written) == {"title": text}
