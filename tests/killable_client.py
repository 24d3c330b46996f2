"""A process that is killed while it works."""

from typing import Any

import boto3

from khobor.embedded.resources import REGION

# It reads the descriptions of AWS's services once.
_SESSION = boto3.Session(region_name=REGION)


class KilledError(Exception):
    """The process is killed."""


class KillableClient:
    """A client of DynamoDB whose process is killed at one of its calls, from 1 on."""

    def __init__(self, *, kill: int = 0, after: bool = False) -> None:
        self.calls = 0
        self._kill = kill
        self.client: Any = _SESSION.client("dynamodb")
        self.client.meta.events.register("after-call" if after else "before-call", self._call)

    def _call(self, **_: object) -> None:
        self.calls += 1
        if self.calls == self._kill:
            raise KilledError
