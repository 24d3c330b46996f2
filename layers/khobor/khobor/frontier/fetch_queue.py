"""The fetch queue: URLs on their way to be fetched, each in the message group of its host."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import msgspec

from khobor.aws.sqs_batch import Message, send_all
from khobor.errors import PermanentError
from khobor.page import Redirected
from khobor.url import digest, host

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# An article, or a listing: what tells of articles.
Kind: TypeAlias = Literal["article", "feed", "sitemap", "section", "home"]
_EXPECTED = 'expected {"url": "https://…"}'


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be known of a URL that is fetched for the first time; who fetches it may be first to write that down.

    Attributes:
        since: As in ``KnownUrl``, in seconds since 1970.
        next_visit: Likewise.
        on: ``found_on`` there.
        depth: Likewise.
    """

    since: int
    next_visit: int | None = None
    on: Kind | None = None
    depth: int | None = None


class FetchRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message of the fetch queue.

    Attributes:
        url: What to fetch.
        source: Name of the source that wants it; None for one that is asked for by hand.
        kind: What it is.
        found: Of what may be fetched for the first time, what is to be known of it; None for what is asked for by hand.
        visit: Of what was fetched before, when it was to be fetched again, in seconds since 1970: the answer is asked
            for only if it changed.
        delay: From this request to the next one to the host, in seconds.
        ports: Ports that its URL may have beside 80 and 443.
        hosts: The hosts that its source names as its own.
        attempts: How often it was tried before.
        redirected: Where it has led to, which is asked for in its place: another host has its own turns.
    """

    url: str
    source: str | None = None
    kind: Kind = "article"
    found: Found | None = None
    visit: int | None = None
    delay: Annotated[float, msgspec.Meta(ge=0)] = 2.0
    ports: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    attempts: Annotated[int, msgspec.Meta(ge=0)] = 0
    redirected: Redirected | None = None

    @property
    def location(self) -> str:
        """The URL that is asked for next."""
        return self.redirected.location if self.redirected else self.url

    def __post_init__(self) -> None:
        """Refuse a listing of nobody: what it tells of would be fetched for no source."""
        if self.kind != "article" and self.source is None:
            raise ValueError(f"a {self.kind} is of a source; name it")


def read_request(body: str) -> FetchRequest:
    """Return the request of a message; raises PermanentError ``bad_message`` if it is none."""
    try:
        return msgspec.json.decode(body, type=FetchRequest)
    except msgspec.MsgspecError as error:
        raise PermanentError("bad_message", f"{_EXPECTED}, got {body[:200]!r}: {error}") from error


def as_request(event: object) -> FetchRequest:
    """Return the request of an event that was sent by hand; raises PermanentError ``bad_message`` if it is none."""
    try:
        return msgspec.convert(event, FetchRequest)
    except msgspec.ValidationError as error:
        raise PermanentError("bad_message", f"{_EXPECTED}, got {str(event)[:200]}: {error}") from error


def first_body(request: FetchRequest) -> str:
    """Return the body of a message that asks for the same as if it was never tried."""
    return msgspec.json.encode(msgspec.structs.replace(request, attempts=0, redirected=None)).decode()


def redirected(request: FetchRequest, to: Redirected) -> FetchRequest:
    """Return the request for where a URL has led to."""
    return msgspec.structs.replace(request, redirected=to)


def message_group(url: str) -> str:
    """Return the message group of a URL, its host without ``www.``: a group's messages come one after another.

    Raises:
        PermanentError: ``bad_url``.
    """
    # A host with www. is most often the same machine. A group's name has up to 128 characters, a host up to 253.
    return (host(url).removeprefix("www.") or host(url))[-128:]


def send_requests(sqs: "SQSClient", queue_url: str, requests: Iterable[FetchRequest]) -> None:
    """Send requests; one that was sent within the last five minutes is not sent again by SQS."""
    send_all(sqs, queue_url, (_message(request) for request in requests))


def send_on(sqs: "SQSClient", queue_url: str, request: FetchRequest, message_id: str) -> None:
    """Send what follows from a message; from another one the same follows anew, however soon.

    Args:
        sqs: The client.
        queue_url: The queue.
        request: What is asked for next.
        message_id: Of the message.
    """
    send_all(
        sqs, queue_url, [with_group(msgspec.json.encode(request).decode(), message_group(request.location), message_id)]
    )


def with_group(body: str, group: str, message_id: str) -> Message:
    """Return a message that SQS takes for the same only where it follows from the same message.

    By its body alone, one that failed, was sent back and failed again would not be sent within five minutes: it would
    be lost.
    """
    same = digest(f"{message_id} {body}".encode())
    return {"MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": same}


def _message(request: FetchRequest) -> Message:
    # Found again a moment later, it is the same request.
    same = msgspec.json.encode(msgspec.structs.replace(request, found=None))
    return {
        "MessageBody": msgspec.json.encode(request).decode(),
        "MessageGroupId": message_group(request.location),
        "MessageDeduplicationId": digest(same),
    }
