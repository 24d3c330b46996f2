"""A local archive for the commands of each test, so that none is made in the folder in which the tests run."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def archive(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands take for the archive; it is not made yet."""
    folder = tmp_path_factory.mktemp("kept") / "archive"
    monkeypatch.setenv("KHOBOR_ARCHIVE", str(folder))
    return folder
