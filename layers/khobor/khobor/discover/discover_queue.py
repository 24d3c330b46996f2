"""The discover queue: runs of sources and links of articles. It also receives the S3 events of new listings."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from khobor.aws.sqs_batch import send_all
from khobor.errors import PermanentError
from khobor.page import LONGEST_URL

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# A message has room for so many URLs of the greatest length.
_MOST_LINKS = 100


class SourceRun(msgspec.Struct, frozen=True, kw_only=True, tag="run", forbid_unknown_fields=True):
    """A request to run a source.

    Attributes:
        source: The name of the source.
        at: When the run was due, in seconds since 1970.
    """

    source: str
    at: int


class ArticleLinks(msgspec.Struct, frozen=True, kw_only=True, tag="links", forbid_unknown_fields=True):
    """The links of an article to others of its source.

    Attributes:
        source: The name of the source.
        page: The URL of the article.
        urls: The targets of the links.
    """

    source: str
    page: str
    urls: tuple[str, ...]


DiscoverMessage: TypeAlias = SourceRun | ArticleLinks
_messages: "msgspec.json.Decoder[DiscoverMessage]" = msgspec.json.Decoder(DiscoverMessage)


def send_runs(sqs: "SQSClient", queue_url: str, runs: Iterable[SourceRun]) -> None:
    """Send runs of sources to the queue.

    Args:
        sqs: The client of the queue.
        queue_url: The queue.
        runs: The runs.

    Raises:
        botocore.exceptions.ClientError: A message could not be sent.
    """
    send_all(sqs, queue_url, ({"MessageBody": msgspec.json.encode(run).decode()} for run in runs))


def send_links(sqs: "SQSClient", queue_url: str, links: ArticleLinks) -> None:
    """Send the links of an article to the queue, as ``limit_links`` limits them.

    Args:
        sqs: The client of the queue.
        queue_url: The queue.
        links: The links.

    Raises:
        botocore.exceptions.ClientError: The message could not be sent.
    """
    sqs.send_message(QueueUrl=queue_url, MessageBody=msgspec.json.encode(limit_links(links)).decode())


def limit_links(links: ArticleLinks) -> ArticleLinks:
    """Return the first hundred links of an article, without those too long to be fetched."""
    urls = [url for url in links.urls if len(url) <= LONGEST_URL]
    return msgspec.structs.replace(links, urls=tuple(urls[:_MOST_LINKS]))


def read_message(body: str) -> DiscoverMessage:
    """Return a decoded message; raises PermanentError ``bad_message`` if it is invalid."""
    try:
        return _messages.decode(body)
    except msgspec.MsgspecError as error:
        what = f'expected {{"type": "run", "source": "…", "at": …}} or an S3 event, got {body[:200]!r}: {error}'
        raise PermanentError("bad_message", what) from error
