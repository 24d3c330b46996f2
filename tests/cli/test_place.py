"""Where a command works: the options, the environment, and the messages."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from khobor.cli.command import Command, Khobor
from khobor.cli.place import ArchivePlace, Place, StackPlace, at_a_place

NOWHERE = {"KHOBOR_ARCHIVE": None, "KHOBOR_STACK": None}


@pytest.fixture
def places() -> list[Place]:
    return []


@pytest.fixture
def app(places: list[Place]) -> typer.Typer:
    """A command that keeps where it works."""

    def ask(words: str = "", *, place: Place) -> None:
        """Ask."""
        assert words in {"", "bridge"}
        places.append(place)

    app = typer.Typer(cls=Khobor, rich_markup_mode=None)
    app.command(cls=Command)(at_a_place(ask))
    app.callback()(lambda: None)
    return app


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ([], {}, (ArchivePlace(Path("archive")), "local archive: ./archive")),
        (["--archive", "খবর"], {}, (ArchivePlace(Path("খবর")), "local archive: ./খবর")),
        (["--archive", "/srv/news"], {}, (ArchivePlace(Path("/srv/news")), "local archive: /srv/news")),
        (["--stack", "news"], {}, (StackPlace("news"), "stack on AWS: news")),
        ([], {"KHOBOR_ARCHIVE": "kept"}, (ArchivePlace(Path("kept")), "local archive: ./kept")),
        ([], {"KHOBOR_STACK": "news"}, (StackPlace("news"), "stack on AWS: news")),
        ([], {"KHOBOR_STACK": ""}, (ArchivePlace(Path("archive")), "local archive: ./archive")),
        (["--archive", "kept"], {"KHOBOR_STACK": "news"}, (ArchivePlace(Path("kept")), "local archive: ./kept")),
        (["--stack", "news"], {"KHOBOR_ARCHIVE": "kept"}, (StackPlace("news"), "stack on AWS: news")),
        (
            ["--stack", "news"],
            {"KHOBOR_ARCHIVE": "kept", "KHOBOR_STACK": "old"},
            (StackPlace("news"), "stack on AWS: news"),
        ),
    ],
)
def test_a_place_is_chosen_by_option_then_environment_then_default_and_said(
    app: typer.Typer,
    places: list[Place],
    arguments: list[str],
    environment: dict[str, str],
    expected: tuple[Place, str],
) -> None:
    place, said = expected
    result = CliRunner().invoke(app, ["ask", "--words", "bridge", *arguments], env={**NOWHERE, **environment})
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"{said}\n")
    assert places == [place]


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--archive", "kept", "--stack", "news"], {}, "--archive and --stack name different places; give one"),
        (["--local", "--stack", "news"], {}, "--stack and --local name different places; give one"),
        (["--local", "--archive", "kept"], {}, "--archive and --local name different places; give one"),
        ([], {"KHOBOR_ARCHIVE": "kept", "KHOBOR_STACK": "news"}, "KHOBOR_ARCHIVE and KHOBOR_STACK name different"),
        (["--archive", ""], {}, "the name is empty"),
        (["--stack", " "], {}, "the name is empty"),
    ],
)
def test_two_places_at_once_and_none_are_mistakes(
    app: typer.Typer, places: list[Place], arguments: list[str], environment: dict[str, str], said: str
) -> None:
    result = CliRunner().invoke(app, ["ask", *arguments], env={**NOWHERE, **environment})
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())
    assert places == []


def test_the_stack_of_make_local_needs_a_running_emulator(
    app: typer.Typer, places: list[Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khobor.cli.local_stack.FOLDER", tmp_path)
    result = CliRunner().invoke(app, ["ask", "--local"], env={**NOWHERE, "KHOBOR_STACK": "news"})
    assert result.exit_code == 1
    assert f"no emulator is running in {tmp_path}" in result.stderr
    assert places == []


def test_help_names_the_three_and_their_variables(app: typer.Typer) -> None:
    shown = CliRunner().invoke(app, ["ask", "--help"], env=NOWHERE).stdout
    for word in ("--archive", "--stack", "--local", "KHOBOR_ARCHIVE", "KHOBOR_STACK", "Default: archive"):
        assert word in shown
