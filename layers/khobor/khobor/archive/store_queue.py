"""The store queue: articles on their way to the archive, large ones by reference."""

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

# What the store queue takes; template.yaml sets its MaximumMessageSize to the same.
MAX_MESSAGE_BYTES = 262_144


class Gone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An article that its site has no more.

    Attributes:
        article_id: Its id.
        url: Where it was.
        at: When the site answered so, aware.
        reason: The slug of the answer, such as ``http_410``.
    """

    article_id: str
    url: str
    at: datetime
    reason: str


class _Message(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    article: msgspec.Raw = msgspec.Raw()
    reference: RawReference | None = None
    gone: Gone | None = None


_messages = msgspec.json.Decoder(_Message)


def send_article(sqs: "SQSClient", s3: "S3Client", queue_url: str, article: Article) -> None:
    """Send an article to be stored; one that a message cannot hold goes through the bucket of its page.

    Raises:
        PermanentError: ``article_too_large`` for a large article whose page is in no bucket.
    """
    message = _Message(article=msgspec.Raw(codec.encode(article)))
    body = msgspec.json.encode(message)
    if len(body) > MAX_MESSAGE_BYTES:
        body = msgspec.json.encode(_Message(reference=_hand_over(s3, article)))
    sqs.send_message(QueueUrl=queue_url, MessageBody=for_message(body))


def send_gone(sqs: "SQSClient", queue_url: str, gone: Gone) -> None:
    """Send that an article is gone."""
    sqs.send_message(QueueUrl=queue_url, MessageBody=for_message(msgspec.json.encode(_Message(gone=gone))))


def read_message(s3: "S3Client", body: str) -> Article | Gone:
    """Return the article of a message, or that one is gone.

    Raises:
        PermanentError: ``not_an_article``, or ``no_such_object`` where a handed-over article has expired.
    """
    try:
        message = _messages.decode(body)
    except msgspec.MsgspecError as error:
        raise PermanentError("not_an_article", f"the message is no article: {error}") from error
    if message.gone:
        return message.gone
    if message.reference:
        return codec.decode(_handed_over(s3, message.reference))
    return codec.decode(bytes(message.article))


def _hand_over(s3: "S3Client", article: Article) -> RawReference:
    if article.raw is None:
        raise PermanentError("article_too_large", f"{article.url} has no page in a bucket to be handed over beside")
    data = gzip.compress(codec.encode(article), mtime=0)
    key = hand_over_key(article.article_id, digest(data))
    s3.put_object(Bucket=article.raw.bucket, Key=key, Body=data, ContentType="application/gzip")
    return RawReference(bucket=article.raw.bucket, key=key)


def _handed_over(s3: "S3Client", reference: RawReference) -> bytes:
    where = f"s3://{reference.bucket}/{reference.key}"
    try:
        return gzip.decompress(s3.get_object(Bucket=reference.bucket, Key=reference.key)["Body"].read())
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "NoSuchBucket"}:
            raise
        raise PermanentError("no_such_object", f"{where} is not there any more; parse its page again") from error
    except ParamValidationError as error:
        raise PermanentError("no_such_object", f"there can be no {where!r}: {error}") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise PermanentError("not_an_article", f"{where} is damaged ({error}); parse its page again") from error
