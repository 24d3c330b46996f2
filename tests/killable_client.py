"""A DynamoDB client whose process is killed at a chosen call."""

from typing import Any

import boto3

from khobor.embedded.account import REGION

# One session, so that the service descriptions are read once.
_SESSION = boto3.Session(region_name=REGION)


class KilledError(Exception):
    """The process is killed."""


class KillableClient:
    """A DynamoDB client that raises KilledError at a call.

    Args:
        kill: The number of the call, counted from 1; 0 for none.
        after: Whether the call still has its effect.
    """

    def __init__(self, *, kill: int = 0, after: bool = False) -> None:
        self.calls = 0
        self._kill = kill
        self.client: Any = _SESSION.client("dynamodb")
        self.client.meta.events.register("after-call" if after else "before-call", self._call)

    def _call(self, **_: object) -> None:
        self.calls += 1
        if self.calls == self._kill:
            raise KilledError
