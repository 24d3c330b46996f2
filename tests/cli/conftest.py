"""Archives for the commands of each test, so that none is made in the folder in which the tests run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.deploying import deploy

from khobor.archive.interface import Archive
from khobor.local.archive_folder import ArchiveFolder


@pytest.fixture(autouse=True)
def archive(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands take for the archive; it is not made yet."""
    folder = tmp_path_factory.mktemp("kept") / "archive"
    monkeypatch.setenv("KHOBOR_ARCHIVE", str(folder))
    return folder


@pytest.fixture(params=["folder", "stack"])
def either_archive(request: pytest.FixtureRequest, archive: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An empty archive, once in a folder and once on a stack; commands use it without an option."""
    if request.param == "stack":
        stack = request.getfixturevalue("stack")
        deploy("khobor", stack.outputs)
        monkeypatch.delenv("KHOBOR_ARCHIVE")
        monkeypatch.setenv("KHOBOR_STACK", "khobor")
        yield stack.archive
        return
    with ArchiveFolder.open(archive, create=True) as folder:
        yield folder.archive
