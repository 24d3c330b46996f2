"""Answers as HTTP responses: status, headers and body; not modified, compressed, or too large."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import msgspec

from khobor.errors import NotFoundError, PermanentError
from khobor.query.answers import ProblemDetails

METHODS = ("GET", "HEAD")
# The most that Lambda returns, with room for headers. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_BYTES = 6_000_000
# Smaller bodies are not worth compressing.
_WORTH_COMPRESSING = 1_000
# Statuses of errors that are not the client's fault.
_STATUSES = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "not_an_article": HTTPStatus.INTERNAL_SERVER_ERROR,
}
_NEVER = re.compile(r"q=0(?:\.0*)?")


@dataclass(frozen=True, kw_only=True)
class Representation:
    """An HTTP response.

    Attributes:
        status: The status code.
        headers: The headers, except the length.
        body: The body; bytes if it is compressed.
    """

    status: HTTPStatus
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes = ""


def represent(data: bytes, method: str, headers: Mapping[str, str]) -> Representation:
    """Return an answer as an HTTP response.

    Args:
        data: The answer as JSON.
        method: GET or HEAD.
        headers: The headers of the request, by names in lower case.

    Raises:
        PermanentError: ``too_large``.
        NotAcceptableError: It is too large without compression, which the client does not accept.
    """
    # A weak tag: the answer is the same whether it is compressed or not.
    tag = f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'
    # A page that is parsed again, or delivered late, changes older answers too: clients must revalidate (304).
    usual = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Accept-Encoding"}
    if _is_known(tag, headers.get("if-none-match", "")):
        return Representation(status=HTTPStatus.NOT_MODIFIED, headers=usual)
    usual |= {"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"}
    if method == "HEAD":
        return Representation(status=HTTPStatus.OK, headers=usual)
    if len(data) >= _WORTH_COMPRESSING and _takes_gzip(headers.get("accept-encoding", "")):
        compressed = gzip.compress(data, compresslevel=6, mtime=0)
        if len(base64.b64encode(compressed)) > MAX_BYTES:
            raise PermanentError(
                "too_large", "the answer is larger than the API can return; `khobor get` has no such limit"
            )
        return Representation(status=HTTPStatus.OK, headers=usual | {"Content-Encoding": "gzip"}, body=compressed)
    body = data.decode()
    # Lambda escapes the body as a JSON string, which makes it at most three times as long.
    if 3 * len(data) > MAX_BYTES and len(json.dumps(body)) > MAX_BYTES:
        raise NotAcceptableError(
            "too_large", "the answer is larger than the API can return uncompressed; send Accept-Encoding: gzip"
        )
    return Representation(status=HTTPStatus.OK, headers=usual, body=body)


class NotAcceptableError(PermanentError):
    """The client accepts no form in which the answer can be sent."""


def problem(status: HTTPStatus, reason: str, detail: str, headers: Mapping[str, str] | None = None) -> Representation:
    """Return an error as a response in the form of RFC 9457.

    Args:
        status: The status code.
        reason: The stable slug of the cause.
        detail: What was wrong, with what, and what to do.
        headers: Further headers.
    """
    details = ProblemDetails(title=status.phrase, status=status, reason=reason, detail=detail)
    usual = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    return Representation(
        status=status,
        headers={**usual, "X-Content-Type-Options": "nosniff", **(headers or {})},
        body=msgspec.json.encode(details).decode(),
    )


def refusal(error: PermanentError) -> Representation:
    """Return the response for an error."""
    return problem(_status(error), error.reason, error.detail)


def _status(error: PermanentError) -> HTTPStatus:
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, NotAcceptableError):
        return HTTPStatus.NOT_ACCEPTABLE
    return _STATUSES.get(error.reason, HTTPStatus.BAD_REQUEST)


def _is_known(tag: str, header: str) -> bool:
    tags = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _takes_gzip(accepted: str) -> bool:
    for each in accepted.lower().split(","):
        coding, _, weight = each.partition(";")
        if coding.strip() == "gzip":
            return not _NEVER.fullmatch(weight.replace(" ", ""))
    return False
