"""Why a shared library would not load on Lambda."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile
from tests.build.lambda_runtime import LIBRARIES, MACHINES, NEWEST

_MAGIC = b"\x7fELF"
_TAGGED = re.compile(r".+?\.(?P<tag>cpython-\d+|abi3|pypy\w+)[\w-]*\.so")


def is_elf(path: Path) -> bool:
    """Whether a file is a program or a shared library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def faults(path: Path, architecture: str, python: str) -> list[str]:
    """Return why a shared library would not load.

    Args:
        path: The file.
        architecture: As in the template, such as ``arm64``.
        python: The version, such as ``3.13``.
    """
    with path.open("rb") as file:
        elf: Any = ELFFile(file)
        return [*_of_machine(elf, architecture), *_of_versions(elf), *_of_needed(elf, path), *_of_tag(path, python)]


def _of_machine(elf: Any, architecture: str) -> Iterator[str]:
    if (machine := elf.header.e_machine) != MACHINES[architecture][0]:
        yield f"is for {machine}, not for {architecture}"


def _of_versions(elf: Any) -> Iterator[str]:
    section = elf.get_section_by_name(".gnu.version_r")
    for library, symbols in section.iter_versions() if section else ():
        for each in symbols:
            name, _, number = each.name.partition("_")
            # A name without a number, such as GLIBC_PRIVATE, is of no version that anything may rely on.
            if name in NEWEST and (not number[:1].isdigit() or _numbers(number) > NEWEST[name]):
                yield f"needs {each.name} of {library.name}"


def _of_needed(elf: Any, path: Path) -> Iterator[str]:
    section = elf.get_section_by_name(".dynamic")
    tags = list(section.iter_tags()) if section else []
    searched = [
        Path(each.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", str(path.parent)))
        for tag in tags
        for each in str(getattr(tag, "rpath", getattr(tag, "runpath", ""))).split(":")
        if each
    ]
    for tag in tags:
        needed = getattr(tag, "needed", None)
        if needed and needed not in LIBRARIES and not any((folder / needed).is_file() for folder in searched):
            yield f"needs {needed}, which neither Lambda nor the layer has"


def _of_tag(path: Path, python: str) -> Iterator[str]:
    found = _TAGGED.fullmatch(path.name)
    if found and found["tag"] not in {f"cpython-{python.replace('.', '')}", "abi3"}:
        yield f"is for {found['tag']}, not for Python {python}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
