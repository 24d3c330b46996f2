"""An archive at each place that commands can work at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from khobor.local.archive_folder import ArchiveFolder
from tests.cli.deploying import deploy

from khobor.archive.interface import Archive


@pytest.fixture(params=["folder", "stack"])
def archive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An empty archive, once in a folder and once on a stack; commands use it without an option."""
    if request.param == "stack":
        stack = request.getfixturevalue("stack")
        deploy("khobor", stack.outputs)
        monkeypatch.setenv("KHOBOR_STACK", "khobor")
        yield stack.archive
        return
    monkeypatch.setenv("KHOBOR_ARCHIVE", str(tmp_path / "archive"))
    with ArchiveFolder.open(tmp_path / "archive", create=True) as folder:
        yield folder.archive
