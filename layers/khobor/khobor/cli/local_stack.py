"""The stack that ``make local`` deploys to an emulator of AWS on this machine."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from khobor.embedded.project import CHECKOUT
from khobor.errors import CommandError

if TYPE_CHECKING:
    from khobor.embedded.emulator import Emulator

FOLDER = (CHECKOUT or Path()) / ".emulator"


def running_emulator(folder: Path) -> "Emulator":
    """Return the emulator that is running in a folder; raises CommandError if there is none."""
    from khobor.embedded.emulator import running

    emulator = running(folder)
    if emulator is None:
        raise CommandError(f"no emulator is running in {folder}; start one in a checkout of khobor with: make local")
    return emulator


@contextmanager
def local_stack() -> Iterator[str]:
    """Point boto3 to the stack on the emulator instead of the user's account; yield the stack's name."""
    from khobor.embedded.account import STACK_NAME

    with only(running_emulator(FOLDER).environment):
        yield STACK_NAME


@contextmanager
def only(environment: Mapping[str, str]) -> Iterator[None]:
    """Replace all ``AWS_`` variables by the given ones."""
    from unittest.mock import patch

    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with patch.dict(os.environ, others | dict(environment), clear=True):
        yield
