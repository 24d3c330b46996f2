"""The ways in which a call to AWS can fail, injected into the calls of the functions."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from types import FrameType
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from tests.conftest import ROOT

PACKAGE = ROOT / "layers" / "khobor" / "khobor"
OWN = (f"{PACKAGE}/", f"{ROOT}/functions/")
# The embedded stack stands for Lambda.
NOT_OWN = f"{PACKAGE}/embedded/"
# How each service says that it is asked too much.
THROTTLED = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "events": "ThrottlingException",
    "s3": "SlowDown",
    "sqs": "RequestThrottled",
}
ENDPOINT = "https://aws.example"


class Kind(Enum):
    """What becomes of a call; the value is what the table calls it."""

    FAILS_BEFORE = "fails before"
    FAILS_AFTER = "fails after"
    THROTTLED = "throttled"
    IN_PART = "in part"
    NOT_CONNECTED = "not connected"
    NOT_ANSWERED = "not answered"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"


WITHOUT_EFFECT = frozenset({Kind.FAILS_BEFORE, Kind.THROTTLED, Kind.NOT_CONNECTED, Kind.DIES_BEFORE})


@dataclass(frozen=True, order=True)
class Frame:
    """A place in khobor's code: the file from the repository on, the function, and the line."""

    file: str
    function: str
    line: int


@dataclass(frozen=True, order=True)
class CallSite:
    """Where a function calls AWS.

    Attributes:
        function: Its logical name.
        operation: Such as ``dynamodb.PutItem``.
        frames: The code that led there, the call last: all in its module, and who called into that.
    """

    function: str
    operation: str
    frames: tuple[Frame, ...]

    def kinds(self) -> list[Kind]:
        """Return what can become of the call."""
        return [kind for kind in Kind if kind is not Kind.IN_PART or self.operation in PARTS]


@dataclass(frozen=True, order=True)
class Fault:
    """What becomes of the first call from a site."""

    site: CallSite
    kind: Kind


class Faults:
    """Lets the calls of functions fail as planned, and notes from where they call.

    Args:
        plan: One after the other: each is waited for once those before it have come.
    """

    def __init__(self, plan: Sequence[Fault] = ()) -> None:
        self.seen: dict[CallSite, None] = {}
        self.pending = list(plan)
        self._ended: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def injected(self) -> Iterator[None]:
        """Stand between clients and AWS."""
        # Retries are below it: what is raised here is what a caller sees.
        made = vars(BaseClient)["_make_api_call"]

        def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
            function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME")
            if function is None:
                return made(client, operation, params)
            service = client.meta.service_model.service_name
            site = CallSite(function, f"{service}.{operation}", frames(sys._getframe(1)))  # noqa: SLF001 a walk up the stack
            return self._call(site, params, lambda given: made(client, operation, given))

        with patch.object(BaseClient, "_make_api_call", call):
            yield

    def _call(self, site: CallSite, params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
        process = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        if process in self._ended:
            # What the dead left running: other threads, and what cleans up.
            raise SystemExit("killed")
        kind = self._due(site)
        if kind in {Kind.DIES_BEFORE, Kind.DIES_AFTER}:
            self._ended.add(process)
        return call(params) if kind is None else outcome(kind, site.operation, params, call)

    def _due(self, site: CallSite) -> Kind | None:
        with self._lock:
            self.seen.setdefault(site)
            if self.pending and self.pending[0].site == site:
                return self.pending.pop(0).kind
            return None


def frames(frame: FrameType | None) -> tuple[Frame, ...]:
    """Return the innermost of khobor's own frames of a stack: those in the module of the call, and who called it."""
    found: list[Frame] = []
    while frame and (not found or found[0].file == found[-1].file):
        code = frame.f_code
        is_own = code.co_filename.startswith(OWN) and not code.co_filename.startswith(NOT_OWN)
        if is_own and not code.co_name.startswith("<"):
            found.insert(0, Frame(code.co_filename.removeprefix(f"{ROOT}/"), code.co_qualname, frame.f_lineno))
        frame = frame.f_back
    return tuple(found)


def outcome(kind: Kind, operation: str, params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
    """Let a call fail as its kind says."""
    if kind is Kind.IN_PART:
        return PARTS[operation](params, call)
    if kind in WITHOUT_EFFECT:
        raise error(kind, operation)
    answer = call(params)
    if kind is Kind.NOT_ANSWERED and operation == "s3.GetObject":
        # The answer has begun, and its body breaks off.
        return answer | {"Body": BrokenBody()}
    raise error(kind, operation)


def error(kind: Kind, operation: str) -> BaseException:
    """Return what is raised where a call came to something."""
    service, _, name = operation.partition(".")
    match kind:
        case Kind.DIES_BEFORE | Kind.DIES_AFTER:
            return SystemExit("killed")
        case Kind.NOT_CONNECTED:
            return ConnectTimeoutError(endpoint_url=ENDPOINT)
        case Kind.NOT_ANSWERED:
            return ReadTimeoutError(endpoint_url=ENDPOINT)
    code, status = (THROTTLED[service], 400) if kind is Kind.THROTTLED else ("InternalError", 500)
    answer: Any = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, name)


class BrokenBody:
    """The body of an object whose rest does not come."""

    def read(self, _: int | None = None) -> bytes:
        raise ReadTimeoutError(endpoint_url=ENDPOINT)


def write_some(params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
    ((table, requests),) = params["RequestItems"].items()
    half = len(requests) // 2
    if half:
        call(params | {"RequestItems": {table: requests[:half]}})
    return {"UnprocessedItems": {table: requests[half:]}}


def get_some(params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
    ((table, asked),) = params["RequestItems"].items()
    half = len(asked["Keys"]) // 2
    answer: dict[str, Any] = {"Responses": {}}
    if half:
        answer = call(params | {"RequestItems": {table: asked | {"Keys": asked["Keys"][:half]}}})
    return answer | {"UnprocessedKeys": {table: asked | {"Keys": asked["Keys"][half:]}}}


def send_some(params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
    entries = params["Entries"]
    half = len(entries) // 2
    answer = call(params | {"Entries": entries[:half]}) if half else {"Successful": []}
    failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in entries[half:]]
    return answer | {"Failed": failed}


def put_some(params: dict[str, Any], call: Callable[[dict[str, Any]], Any]) -> Any:
    entries = params["Entries"]
    half = len(entries) // 2
    answer = call(params | {"Entries": entries[:half]}) if half else {"Entries": []}
    failed = [{"ErrorCode": "InternalFailure", "ErrorMessage": "injected"}] * (len(entries) - half)
    return {"Entries": [*answer["Entries"], *failed], "FailedEntryCount": len(failed)}


# The operations of which AWS may do a part, and say of the rest that it is not done.
PARTS: dict[str, Callable[[dict[str, Any], Callable[[dict[str, Any]], Any]], Any]] = {
    "dynamodb.BatchGetItem": get_some,
    "dynamodb.BatchWriteItem": write_some,
    "events.PutEvents": put_some,
    "sqs.ChangeMessageVisibilityBatch": send_some,
    "sqs.SendMessageBatch": send_some,
}
