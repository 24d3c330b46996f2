"""The same versions are installed on every supported Python."""

import re
import tomllib
from collections import Counter
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version
from tests.conftest import ROOT

PACKAGES: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]


def test_each_library_has_one_version() -> None:
    versions = Counter(package["name"] for package in PACKAGES)
    assert [name for name, count in versions.items() if count > 1] == []


def test_the_tests_with_the_lowest_versions_have_those_that_are_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project.get("optional-dependencies", {}).values()
    allowed = [Requirement(text) for part in (project["dependencies"], *optional) for text in part]
    lowest = {
        each.name: Version(bound.version) for each in allowed for bound in each.specifier if bound.operator == ">="
    }
    assert lowest.keys() == {each.name for each in allowed if each.name != "khobor"}
    locked = (ROOT / "tests" / "lowest" / "requirements.txt").read_text("utf-8")
    tested = {name: Version(version) for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", locked, re.MULTILINE)}
    assert {name: tested.get(canonicalize_name(name)) for name in lowest} == lowest


# Python 3.14 has Zstandard itself, and make fuzz runs on the older ones.
NOT_NEEDED = {(3, 14): {"atheris", "backports-zstd"}}


@pytest.mark.parametrize("python", [(3, 11), (3, 12), (3, 13), (3, 14)], ids=lambda python: f"3.{python[1]}")
def test_each_library_installs_without_a_compiler(python: tuple[int, int]) -> None:
    tags = [*cpython_tags(python, platforms=["any"]), *compatible_tags(python, f"cp3{python[1]}", ["any"])]
    usable = {(tag.interpreter, tag.abi) for tag in tags}
    missing = []
    for package in PACKAGES:
        names = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", ())]
        offered = {(tag.interpreter, tag.abi) for name in names for tag in parse_wheel_filename(name)[3]}
        if "registry" in package["source"] and not offered & usable:
            missing.append(package["name"])
    assert set(missing) == NOT_NEEDED.get(python, set())
