"""Api: questions over HTTP, answered from the archive table."""

import gc
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.query.service import QueryService
from khobor.runtime.http_api import HttpApi
from khobor.runtime.observability import Observability
from khobor.runtime.settings import ApiSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.sources.source_bucket import SourceBucket

# Pausing the GC saves up to 10 % of a cold start.
gc.disable()
settings = ApiSettings.from_environment(os.environ)
observability = Observability("api")
dynamodb = boto3.client("dynamodb")


@cache
def source_bucket() -> "SourceBucket":
    """Return the uploaded sources; what reads them takes long to import, and one question needs it."""
    from khobor.sources.source_bucket import SourceBucket

    return SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)


def sources() -> "tuple[Registry, tuple[Problem, ...]]":
    """Return the sources, and what is wrong with those that were uploaded."""
    registry, _ = source_bucket().registry()
    return registry, source_bucket().problems


archive, lists = DynamoDBArchive(dynamodb, settings.archive_table), DynamoDBLists(dynamodb, settings.archive_table)
http_api = HttpApi(QueryService(archive, lists, sources), observability)
gc.enable()


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer a request of the HTTP API."""
    return http_api.resolve(event, context)
