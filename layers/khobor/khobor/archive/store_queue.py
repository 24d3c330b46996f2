"""Messages of the store queue: articles to store, and notices that an article is gone.

An article that is too large for a message is put into the bucket of its page, and the message holds a reference to it.
"""

import gzip
import zlib
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError, ParamValidationError

from khobor.archive import codec
from khobor.article import Article, RawReference
from khobor.characters import for_message
from khobor.errors import PermanentError
from khobor.keys import hand_over_key
from khobor.url import digest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

# The limit of the store queue: MaximumMessageSize in template.yaml.
MAX_MESSAGE_BYTES = 262_144


class GoneArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice that an article is gone from its site.

    Attributes:
        article_id: The article's id.
        url: Its URL.
        at: When the site answered that it is gone, aware.
        reason: The slug of the answer, such as ``http_410``.
    """

    article_id: str
    url: str
    at: datetime
    reason: str


class _Message(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    article: msgspec.Raw = msgspec.Raw()
    reference: RawReference | None = None
    gone: GoneArticle | None = None


_messages = msgspec.json.Decoder(_Message)


def send_article(sqs: "SQSClient", s3: "S3Client", queue_url: str, article: Article) -> None:
    """Send an article to be stored.

    Args:
        sqs: The SQS client.
        s3: The S3 client, for an article that is too large for a message.
        queue_url: The store queue.
        article: The article.

    Raises:
        PermanentError: ``article_too_large`` for such an article whose page is in no bucket.
    """
    message = _Message(article=msgspec.Raw(codec.encode(article)))
    body = msgspec.json.encode(message)
    if len(body) > MAX_MESSAGE_BYTES:
        body = msgspec.json.encode(_Message(reference=_hand_over(s3, article)))
    sqs.send_message(QueueUrl=queue_url, MessageBody=for_message(body))


def send_gone_article(sqs: "SQSClient", queue_url: str, gone: GoneArticle) -> None:
    """Send a notice that an article is gone.

    Args:
        sqs: The SQS client.
        queue_url: The store queue.
        gone: The notice.
    """
    sqs.send_message(QueueUrl=queue_url, MessageBody=for_message(msgspec.json.encode(_Message(gone=gone))))


def read_message(s3: "S3Client", body: str) -> Article | GoneArticle:
    """Return the article in a message, or the notice that one is gone.

    Args:
        s3: The S3 client, for an article to which the message refers.
        body: The body of the message.

    Raises:
        PermanentError: ``not_an_article``; ``no_such_object`` if an article to which the message refers has expired.
    """
    try:
        message = _messages.decode(body)
    except msgspec.MsgspecError as error:
        raise PermanentError("not_an_article", f"the message holds no article: {error}") from error
    if message.gone:
        return message.gone
    if message.reference:
        return codec.decode(_handed_over(s3, message.reference))
    return codec.decode(bytes(message.article))


def _hand_over(s3: "S3Client", article: Article) -> RawReference:
    if article.raw is None or article.raw.bucket is None:
        limit = f"the article {article.url} exceeds the {MAX_MESSAGE_BYTES} bytes of a message"
        raise PermanentError(
            "article_too_large", f"{limit}, and its page is in no bucket; upload the page and parse it"
        )
    data = gzip.compress(codec.encode(article), mtime=0)
    key = hand_over_key(article.article_id, digest(data))
    s3.put_object(Bucket=article.raw.bucket, Key=key, Body=data, ContentType="application/gzip")
    return RawReference(bucket=article.raw.bucket, key=key)


def _handed_over(s3: "S3Client", reference: RawReference) -> bytes:
    where = reference.address
    try:
        return gzip.decompress(s3.get_object(Bucket=reference.bucket or "", Key=reference.key)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchBucket"}:
            raise
        raise PermanentError("no_such_object", f"{where} does not exist any more; parse its page again") from error
    except ParamValidationError as error:
        raise PermanentError("no_such_object", f"{where!r} cannot exist: {error}") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise PermanentError("not_an_article", f"{where} is damaged ({error}); parse its page again") from error
