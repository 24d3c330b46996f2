"""The folder of sources of a local archive: read again when it changes, and never a reason to stop."""

import os
from pathlib import Path

import pytest

from khobor.local.source_folder import SourceFolder

GOOD = 'version = 1\npublisher = "The Daily Test"\nhosts = ["daily.example"]\n'


def write(folder: Path, name: str, text: str, second: int) -> None:
    """Write a file with a modification time that no earlier write had."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (second, second))


def publishers(sources: SourceFolder) -> dict[str, str]:
    return {source.name: source.publisher for source in sources.registry()[0]}


def test_without_a_folder_there_are_the_bundled_sources(tmp_path: Path) -> None:
    registry, problems = SourceFolder(tmp_path / "sources").registry()
    assert registry.source("kalbela") is not None
    assert problems == ()


def test_a_file_is_used_when_it_comes_changes_and_goes(tmp_path: Path) -> None:
    sources = SourceFolder(tmp_path)
    assert "daily" not in publishers(sources)
    write(tmp_path, "daily.toml", GOOD, 1)
    assert publishers(sources)["daily"] == "The Daily Test"
    write(tmp_path, "daily.toml", GOOD.replace("Test", "Rest"), 2)
    assert publishers(sources)["daily"] == "The Daily Rest"
    (tmp_path / "daily.toml").unlink()
    assert "daily" not in publishers(sources)


@pytest.mark.parametrize("broken", ["version = ", GOOD + "color = 1\n", "x" * 70_000], ids=["toml", "key", "long"])
def test_a_broken_file_is_reported_once_and_its_good_content_stays_in_use(tmp_path: Path, broken: str) -> None:
    write(tmp_path, "daily.toml", GOOD, 1)
    sources = SourceFolder(tmp_path)
    assert publishers(sources)["daily"] == "The Daily Test"
    write(tmp_path, "daily.toml", broken, 2)
    registry, problems = sources.registry()
    assert [problem.file for problem in problems] == [str(tmp_path / "daily.toml")]
    assert registry.source("daily") is not None
    assert registry.source("kalbela") is not None
    assert sources.registry()[1] == ()
    write(tmp_path, "weekly.toml", GOOD.replace("daily", "weekly"), 3)
    assert {"daily", "weekly", "kalbela"} <= publishers(sources).keys()
    assert {problem.file for problem in sources.problems} == {str(tmp_path / "daily.toml")}


def test_a_host_that_two_files_have_is_left_to_the_first_and_stops_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "b.toml", GOOD.replace("Test", "B").replace('"daily', '"b.example", "daily'), 1)
    sources = SourceFolder(tmp_path)
    assert publishers(sources)["b"] == "The Daily B"
    write(tmp_path, "a.toml", GOOD.replace("Test", "A"), 2)
    write(tmp_path, "c.toml", GOOD.replace("Test", "C"), 3)
    registry, problems = sources.registry()
    assert [(problem.file, problem.is_of_host) for problem in problems] == [
        (str(tmp_path / "b.toml"), True),
        (str(tmp_path / "c.toml"), True),
    ]
    found = {
        host: source and source.name for host in ("daily.example", "b.example") for source in [registry.find(host)]
    }
    assert found == {"daily.example": "a", "b.example": "b"}
    assert (source := registry.source("b")) is not None
    assert source.hosts == ("b.example",)
    assert registry.source("c") is None


def test_what_is_no_file_is_reported_and_nothing_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "lost.toml").symlink_to("nowhere")
    registry, problems = SourceFolder(tmp_path).registry()
    assert {Path(problem.file).name for problem in problems} == {"pipe.toml", "folder.toml", "lost.toml"}
    assert registry.source("kalbela") is not None
