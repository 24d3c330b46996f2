"""API function: answers HTTP requests from the archive table."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.query.service import QueryService
from khobor.runtime.cold_start import gc_paused
from khobor.runtime.http_api import HttpApi
from khobor.runtime.observability import Observability
from khobor.runtime.settings import ApiSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.sources.source_bucket import SourceBucket


@cache
def source_bucket() -> "SourceBucket":
    """Return the uploaded sources. The reader of sources is slow to import, and few requests need it."""
    from khobor.sources.source_bucket import SourceBucket

    return SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)


def sources() -> "tuple[Registry, tuple[Problem, ...]]":
    """Return the sources, and the problems of uploaded ones."""
    registry, _ = source_bucket().registry()
    return registry, source_bucket().problems


with gc_paused():
    settings = ApiSettings.from_environment(os.environ)
    observability = Observability("api")
    dynamodb = boto3.client("dynamodb")
    archive, lists = DynamoDBArchive(dynamodb, settings.archive_table), DynamoDBLists(dynamodb, settings.archive_table)
    http_api = HttpApi(QueryService(archive, lists, sources), observability)


@observability.handler
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer a request of the HTTP API."""
    return http_api.resolve(event, context)
