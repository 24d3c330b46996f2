"""The functions and layers as sam build made them: everything in them loads on Lambda, and nothing is missing."""

from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from tests.build.conftest import Build
from tests.build.imports import Import, unresolved
from tests.build.lambda_runtime import DISTRIBUTIONS, MACHINES, MOST_BYTES, MOST_LAYERS
from tests.build.shared_libraries import faults, is_elf

from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Resource

# Lazy imports that only some functions get to; the others load their module for something else in it.
REACHED_BY = {
    # Texts are cut into words only where two of them are compared, which only the API is asked for.
    Import("khobor.revisions.words", "regex", is_lazy=True): {"ApiFunction"},
}


def files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def test_every_shared_library_loads_on_lambda(built: Build, layer: Resource) -> None:
    folder = built.layer(layer.name)
    found = {path: faults(path, built.architecture, built.python) for path in files(folder) if is_elf(path)}
    assert {str(path.relative_to(folder)): each for path, each in found.items() if each} == {}


def test_a_function_is_deployed_without_the_bytecode_of_this_machine(function: Resource) -> None:
    folder = TEMPLATE.parent / function.properties["CodeUri"]
    assert [path.name for path in files(folder) if path.suffix == ".pyc"] == []


def test_every_distribution_is_for_this_python_and_processor(built: Build, layer: Resource) -> None:
    found = distributions(path=[str(built.layer(layer.name) / "python")])
    assert [each.name for each in found if not any(fits(built, tag) for tag in tags(each))] == []


def test_every_requirement_of_a_distribution_is_there(built: Build, function: Resource) -> None:
    folders = [str(layer / "python") for layer in built.layers(function)]
    found = {canonicalize_name(each.name): each for each in distributions(path=folders)}
    needed = [(name, Requirement(text)) for name, each in found.items() for text in each.requires or ()]
    environment = {
        "extra": "",
        "python_version": built.python,
        "python_full_version": f"{built.python}.0",
        "platform_machine": MACHINES[built.architecture][1],
        "platform_system": "Linux",
        "sys_platform": "linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    assert [
        f"{name} requires {each}"
        for name, each in needed
        if (each.marker is None or each.marker.evaluate(environment)) and not is_met(each, found)
    ] == []


def test_every_import_is_answered(built: Build, function: Resource) -> None:
    folders = [layer / "python" for layer in built.layers(function)]
    missing = unresolved(built.code(function) / "app.py", folders, built.python)
    assert [str(each) for each in missing if function.name in REACHED_BY.get(each, {function.name})] == []


def test_a_function_with_its_layers_is_no_larger_than_lambda_takes(built: Build, function: Resource) -> None:
    layers = built.layers(function)
    assert len(layers) <= MOST_LAYERS
    size = sum(path.stat().st_size for folder in (built.code(function), *layers) for path in files(folder))
    assert 0 < size <= MOST_BYTES


def test_the_layer_of_khobor_has_its_data_and_no_local_room(built: Build, request: pytest.FixtureRequest) -> None:
    own, package = built.layer("KhoborLayer") / "python" / "khobor", request.config.rootpath / "layers/khobor/khobor"
    local = ("cli", "console", "embedded", "local", "sqlite", "transfer", "archive/sqlite", "frontier/sqlite")
    data = {path.relative_to(package) for path in files(package) if path.suffix not in {".py", ".pyc"}}
    deployed = {path for path in data if not any(path.is_relative_to(room) for room in local)}
    assert {path for path in deployed if not (own / path).is_file()} == set()
    assert {room for room in local if (own / room).exists()} == set()
    assert {room for room in local if not (package / room).exists()} == set()


def tags(distribution: Distribution) -> list[str]:
    text = distribution.read_text("WHEEL") or ""
    return [line.removeprefix("Tag: ") for line in text.splitlines() if line.startswith("Tag: ")]


def fits(built: Build, tag: str) -> bool:
    interpreter, abi, platform = tag.split("-")
    version = built.python.replace(".", "")
    is_for_python = abi == f"cp{version}" or (abi == "abi3" and int(interpreter[3:]) <= int(version[1:]))
    is_pure = interpreter == "py3" and abi == "none"
    is_for_processor = platform == "any" or platform.endswith(f"_{MACHINES[built.architecture][1]}")
    return (is_for_python or is_pure) and is_for_processor


def is_met(requirement: Requirement, found: Mapping[NormalizedName, Distribution]) -> bool:
    name = canonicalize_name(requirement.name)
    if name in found:
        return requirement.specifier.contains(found[name].version)
    return name in DISTRIBUTIONS
