"""The fetch queue: URLs on their way to be fetched, each in the message group of its host."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import msgspec

from khobor.aws.sqs_batch import QueueMessage, send_all
from khobor.entry_facts import MOST_CHARACTERS
from khobor.errors import PermanentError
from khobor.page import Redirect
from khobor.url import digest, host

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# An article, or a listing, which links to articles.
Kind: TypeAlias = Literal["article", "feed", "sitemap", "section", "home"]
_EXPECTED = 'expected {"url": "https://…"}'


class NewUrl(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Facts of a URL that is fetched for the first time. The fetcher may write them before the scheduler does.

    In messages, ``found_on`` is called ``on``.

    Attributes:
        since: As in ``KnownUrl``, in seconds since 1970.
        next_visit: As in ``KnownUrl``, in seconds since 1970.
        found_on: As in ``KnownUrl``.
        depth: As in ``KnownUrl``.
        entry: As in ``KnownUrl``.
    """

    since: int
    next_visit: int | None = None
    found_on: Kind | None = msgspec.field(name="on", default=None)
    depth: int | None = None
    entry: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)] | None = None


class FetchRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message of the fetch queue.

    In messages, ``new_url`` is called ``found``, and ``redirect`` is called ``redirected``.

    Attributes:
        url: What to fetch.
        source: The name of its source; None for a URL that is requested by hand.
        kind: An article, or a kind of listing.
        new_url: For a URL that may be fetched for the first time, the facts to store; None for one requested by hand.
        visit: For a URL that was fetched before, when it was due, in seconds since 1970. The request is conditional.
        delay: Seconds from this request to the next one to the host.
        ports: Ports that its URL may have besides 80 and 443.
        hosts: The hosts that its source names as its own.
        attempts: The number of earlier attempts.
        redirect: The redirect to follow next. It is a request of its own because another host has its own turns.
    """

    url: str
    source: str | None = None
    kind: Kind = "article"
    new_url: NewUrl | None = msgspec.field(name="found", default=None)
    visit: int | None = None
    delay: Annotated[float, msgspec.Meta(ge=0)] = 2.0
    ports: tuple[int, ...] = ()
    hosts: tuple[str, ...] = ()
    attempts: Annotated[int, msgspec.Meta(ge=0)] = 0
    redirect: Redirect | None = msgspec.field(name="redirected", default=None)

    @property
    def location(self) -> str:
        """The URL to request next."""
        return self.redirect.location if self.redirect else self.url

    def __post_init__(self) -> None:
        """Refuse a listing without a source, as its articles would have none."""
        if self.kind != "article" and self.source is None:
            raise ValueError(f"a {self.kind} belongs to a source; name it")


def read_request(body: str) -> FetchRequest:
    """Return the request in a message; raises PermanentError ``bad_message`` if it is not one."""
    try:
        return msgspec.json.decode(body, type=FetchRequest)
    except msgspec.MsgspecError as error:
        raise PermanentError("bad_message", f"{_EXPECTED}, got {body[:200]!r}: {error}") from error


def as_request(event: object) -> FetchRequest:
    """Return the request in an event that was sent by hand; raises PermanentError ``bad_message`` if it is not one."""
    try:
        return msgspec.convert(event, FetchRequest)
    except msgspec.ValidationError as error:
        raise PermanentError("bad_message", f"{_EXPECTED}, got {str(event)[:200]}: {error}") from error


def body_without_attempts(request: FetchRequest) -> str:
    """Return the body of a message for the same request without earlier attempts."""
    return msgspec.json.encode(msgspec.structs.replace(request, attempts=0, redirect=None)).decode()


def follow_redirect(request: FetchRequest, redirect: Redirect) -> FetchRequest:
    """Return the request that follows a redirect.

    Args:
        request: The request whose answer was the redirect.
        redirect: The redirect.
    """
    return msgspec.structs.replace(request, redirect=redirect)


def message_group(url: str) -> str:
    """Return the message group of a URL, which is its host without ``www.``. SQS delivers a group's messages in order.

    Raises:
        PermanentError: ``bad_url``.
    """
    # A host with www. is usually the same machine. The name of a group has up to 128 characters, a host up to 253.
    return (host(url).removeprefix("www.") or host(url))[-128:]


def send_requests(sqs: "SQSClient", queue_url: str, requests: Iterable[FetchRequest]) -> None:
    """Send requests. SQS drops one that was sent within the last five minutes.

    Args:
        sqs: The SQS client.
        queue_url: The fetch queue.
        requests: The requests.
    """
    send_all(sqs, queue_url, (_message(request) for request in requests))


def send_follow_up(sqs: "SQSClient", queue_url: str, request: FetchRequest, message_id: str) -> None:
    """Send the request that follows from a message, even if the same request followed from another message.

    Args:
        sqs: The SQS client.
        queue_url: The fetch queue.
        request: The next request.
        message_id: The id of the message that it follows from.
    """
    body = msgspec.json.encode(request).decode()
    send_all(sqs, queue_url, [follow_up_message(body, message_group(request.location), message_id)])


def follow_up_message(body: str, group: str, message_id: str) -> QueueMessage:
    """Return a message that SQS treats as a duplicate only of one that follows from the same message.

    With a deduplication id from the body alone, a message that failed, was sent back and failed again within five
    minutes would be lost.

    Args:
        body: The body of the message.
        group: Its message group.
        message_id: The id of the message that it follows from.
    """
    same = digest(f"{message_id} {body}".encode())
    return {"MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": same}


def _message(request: FetchRequest) -> QueueMessage:
    # If a URL is found again within minutes, the facts may differ, but the request is the same.
    same = msgspec.json.encode(msgspec.structs.replace(request, new_url=None))
    return {
        "MessageBody": msgspec.json.encode(request).decode(),
        "MessageGroupId": message_group(request.location),
        "MessageDeduplicationId": digest(same),
    }
