"""What is wrong with a build is noticed: the tests of the build can fail."""

import sys
from pathlib import Path

import lxml
import pytest
from tests.build.imports import unresolved
from tests.build.lambda_runtime import MACHINES
from tests.build.shared_libraries import faults, is_elf

from khobor.embedded import project

LIBRARY = next(Path(str(lxml.__file__)).parent.glob("etree*.so"))
PYTHON = "{}.{}".format(*sys.version_info)


def test_a_library_of_another_processor_or_python_does_not_load() -> None:
    of_this_machine = [
        name for name in MACHINES if not any("is for EM_" in each for each in faults(LIBRARY, name, PYTHON))
    ]
    assert len(of_this_machine) == 1
    (own,) = of_this_machine
    (other,) = MACHINES.keys() - {own}
    assert faults(LIBRARY, own, PYTHON) == []
    assert [each.split(",")[0] for each in faults(LIBRARY, other, PYTHON)] == [f"is for {MACHINES[own][0]}"]
    assert faults(LIBRARY, own, "3.9")[-1].endswith("not for Python 3.9")


def test_a_library_that_needs_what_lambda_lacks_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.build.shared_libraries.NEWEST", {"GLIBC": (2, 1)})
    monkeypatch.setattr("tests.build.shared_libraries.LIBRARIES", {"libm.so.6"})
    (own,) = [name for name in MACHINES if not any("is for EM_" in each for each in faults(LIBRARY, name, PYTHON))]
    found = faults(LIBRARY, own, PYTHON)
    assert any(each.startswith("needs GLIBC_2.") and each.endswith(" of libc.so.6") for each in found)
    assert "needs libc.so.6, which neither Lambda nor the layer has" in found


def test_a_text_is_no_library() -> None:
    assert not is_elf(Path(__file__))
    assert is_elf(LIBRARY)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A layer with a package of khobor's, and a library."""
    package = tmp_path / "khobor" / "inner"
    package.mkdir(parents=True)
    for path in (package.parent, package):
        (path / "__init__.py").write_text("")
    (package / "there.py").write_text("import json\n\ndef found():\n    import gone_too\n")
    (tmp_path / "library.cpython-313-aarch64-linux-gnu.so").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("import os, boto3\nimport library", []),
        ("import gone", ["app imports gone"]),
        ("from khobor.inner import nowhere", ["app imports nowhere of khobor.inner"]),
        ("from khobor.cli.main import app", ["app imports app of khobor.cli.main"]),
        ("def lazy():\n    import gone", ["app imports gone"]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gone\nelse:\n    import json", []),
        ("from khobor.inner.there import found", ["khobor.inner.there imports gone_too"]),
        ("from khobor.inner import there", ["khobor.inner.there imports gone_too"]),
        ("import sys\nif sys.version_info >= (3, 14):\n    import gone\nelse:\n    import json", []),
        ("import sys\nif sys.version_info < (3, 14):\n    import gone", ["app imports gone"]),
        ("try:\n    import gone\nexcept ImportError:\n    pass", ["app imports gone"]),
        ("import khobor.inner.there", ["khobor.inner.there imports gone_too"]),
        ("from khobor.inner.there import lost", ["app imports lost of khobor.inner.there"]),
    ],
)
def test_an_import_that_nothing_answers_is_found(folder: Path, code: str, missing: list[str]) -> None:
    app = folder / "app.py"
    app.write_text(code)
    found = list(map(str, unresolved(app, [folder], "3.13")))
    assert [each for each in found if "lost" not in code or "lost" in each] == missing


def test_khobor_without_its_libraries_is_not_whole() -> None:
    app, folder = project.TEMPLATE.parent / "functions" / "parse" / "app.py", Path(project.__file__).parents[2]
    missing = {each.module.partition(".")[0] for each in unresolved(app, [folder], "3.13")}
    assert missing >= {"aws_lambda_powertools", "can_ada", "lxml", "msgspec", "parsel"}
    assert "boto3" not in missing
