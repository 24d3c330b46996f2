"""The boto3 sessions of embedded stacks, reused from one stack to the next."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.loaders import Loader, create_loader
from botocore.model import OperationModel

from khobor.embedded.account import REGION

# Composing botocore's own user agent takes time in every call. moto reads the region from it if a request is unsigned.
_CONFIG = Config(
    user_agent=f"khobor region/{REGION}",
    # Checksums are unnecessary within one process.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
# Signing takes a tenth of a call, and moto needs it only for S3, where an unsigned request counts as anonymous.
_UNSIGNED_CONFIG = _CONFIG.merge(Config(signature_version=UNSIGNED))
_SIGNED = frozenset({"s3"})
# The key of a call's parameters in botocore's context of the call.
_PARAMS = "khobor_params"


class Session(boto3.Session):
    """A session that creates each client once: creating 25 clients takes most of the start-up time of a stack."""

    def __init__(self) -> None:
        session = botocore.session.Session()
        session.register_component("data_loader", _loader())
        super().__init__(botocore_session=session, region_name=REGION)
        self._clients: dict[str, Any] = {}

    # boto3's own signature is a list of overloads, one for each service.
    def client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """Return the client of a service; without options, always the same one.

        Args:
            service_name: The name of the service.
            args: As in boto3.
            kwargs: As in boto3.
        """
        if args or kwargs:
            return super().client(service_name, *args, **kwargs)  # type: ignore[call-overload]
        if service_name not in self._clients:
            config = _CONFIG if service_name in _SIGNED else _UNSIGNED_CONFIG
            self._clients[service_name] = super().client(service_name, config=config)  # type: ignore[call-overload]
        return self._clients[service_name]


class Sessions:
    """The two sessions of one stack: its own, and the one for the clients of its functions.

    Attributes:
        own: The session of the stack.
        functions: The session of the functions.
        on_call: Called with the name of each call of the functions, such as ``s3.PutObject``.
        on_wait: Called with the parameters of each call that changes when a message becomes visible again.
    """

    def __init__(self) -> None:
        self.own, self.functions = Session(), Session()
        self.on_call: Callable[[str], None] | None = None
        self.on_wait: Callable[[Mapping[str, Any]], None] | None = None
        for operation in ("ChangeMessageVisibility", "ChangeMessageVisibilityBatch"):
            self.functions.events.register(f"before-parameter-build.sqs.{operation}", _note_params)
            self.functions.events.register(f"after-call.sqs.{operation}", self._wait)
        self.functions.events.register("before-call", self._call)

    def _call(self, model: OperationModel, **_: object) -> None:
        if self.on_call:
            self.on_call(f"{model.service_model.service_name}.{model.name}")

    # After the call, because the queue counts from when the call arrives. Even if moto refuses it: moto counts the
    # twelve hours that a message may be hidden from when it was sent, and SQS from when it was received.
    def _wait(self, context: Mapping[str, Any], **_: object) -> None:
        if self.on_wait:
            self.on_wait(context[_PARAMS])


def _note_params(params: Mapping[str, Any], context: dict[str, Any], **_: object) -> None:
    context[_PARAMS] = params


_free: list[Sessions] = []


@contextmanager
def borrow(
    on_wait: Callable[[Mapping[str, Any]], None], on_call: Callable[[str], None] | None = None
) -> Iterator[Sessions]:
    """Lend sessions that no other stack uses; ``mock_aws`` must be entered first.

    Args:
        on_wait: See Sessions.
        on_call: See Sessions.
    """
    sessions = _free.pop() if _free else Sessions()
    sessions.on_wait, sessions.on_call = on_wait, on_call
    try:
        yield sessions
    finally:
        sessions.on_wait = sessions.on_call = None
        _free.append(sessions)


@cache
def _loader() -> Loader:
    # One loader, so that the service descriptions are read once for all sessions.
    return create_loader()
