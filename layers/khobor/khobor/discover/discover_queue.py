"""The discover queue: sources that are to be looked at, and links of articles; S3 tells of listings there too."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from khobor.aws.sqs_batch import send_all
from khobor.errors import PermanentError
from khobor.page import LONGEST_URL

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# So many of the longest URLs stay below the size of a message.
_MOST_LINKS = 100


class SourceRun(msgspec.Struct, frozen=True, kw_only=True, tag="run", forbid_unknown_fields=True):
    """A source that is to be looked at.

    Attributes:
        source: Its name.
        at: When that was due, in seconds since 1970.
    """

    source: str
    at: int


class ArticleLinks(msgspec.Struct, frozen=True, kw_only=True, tag="links", forbid_unknown_fields=True):
    """Links of an article to others of its source.

    Attributes:
        source: The source's name.
        page: The URL of the article.
        urls: Where the links lead.
    """

    source: str
    page: str
    urls: tuple[str, ...]


DiscoverMessage: TypeAlias = SourceRun | ArticleLinks
_messages: "msgspec.json.Decoder[DiscoverMessage]" = msgspec.json.Decoder(DiscoverMessage)


def send_runs(sqs: "SQSClient", queue_url: str, runs: Iterable[SourceRun]) -> None:
    """Send sources to be looked at; raises what the client does where one cannot be sent."""
    send_all(sqs, queue_url, ({"MessageBody": msgspec.json.encode(run).decode()} for run in runs))


def send_links(sqs: "SQSClient", queue_url: str, links: ArticleLinks) -> None:
    """Send those links of an article that are followed."""
    sqs.send_message(QueueUrl=queue_url, MessageBody=msgspec.json.encode(followed(links)).decode())


def followed(links: ArticleLinks) -> ArticleLinks:
    """Return those links of an article that are followed: of very many the first, and none that is too long."""
    urls = [url for url in links.urls if len(url) <= LONGEST_URL]
    return msgspec.structs.replace(links, urls=tuple(urls[:_MOST_LINKS]))


def read_message(body: str) -> DiscoverMessage:
    """Return what a message says; raises PermanentError ``bad_message`` if it is none of these."""
    try:
        return _messages.decode(body)
    except msgspec.MsgspecError as error:
        what = f'expected {{"type": "run", "source": "…", "at": …}} or an S3 event, got {body[:200]!r}: {error}'
        raise PermanentError("bad_message", what) from error
