"""Api: questions over HTTP, answered from the archive table."""

import gc
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as UnknownPathError
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from botocore.exceptions import BotoCoreError, ClientError

from khobor.archive.dynamodb.archive import Archive
from khobor.archive.dynamodb.lists import ArchiveLists
from khobor.errors import PermanentError
from khobor.query.archive_reader import Librarian
from khobor.query.openapi import ALL_OPERATIONS
from khobor.query.operations import Operation
from khobor.query.representation import METHODS, Representation, problem, refusal, represent
from khobor.runtime.log_line import log_line
from khobor.runtime.settings import ApiSettings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from khobor.sources.problems import Problem
    from khobor.sources.registry import Registry
    from khobor.sources.source_bucket import SourceBucket

OTHER_METHODS = ["DELETE", "OPTIONS", "PATCH", "POST", "PUT"]

# What is made here stays: looking for garbage meanwhile takes up to a tenth of the start, and finds none.
gc.disable()
settings = ApiSettings.from_environment(os.environ)
logger = Logger(service="api", json_serializer=log_line)
metrics = Metrics(service="api")
dynamodb = boto3.client("dynamodb")
# Bodies are texts or compressed already. Validation by Powertools would need pydantic, and half as long again to start.
app = APIGatewayHttpResolver(serializer=lambda body: cast("str", body))


@cache
def source_bucket() -> "SourceBucket":
    """Return the uploaded sources; what reads them takes long to import, and one question needs it."""
    from khobor.sources.source_bucket import SourceBucket

    return SourceBucket(boto3.client("s3"), settings.raw_bucket, settings.sources_seconds)


def sources() -> "tuple[Registry, tuple[Problem, ...]]":
    """Return the sources, and what is wrong with those that were uploaded."""
    registry, _ = source_bucket().registry()
    return registry, source_bucket().problems


librarian = Librarian(
    Archive(dynamodb, settings.archive_table), ArchiveLists(dynamodb, settings.archive_table), sources
)


def answering(operation: Operation) -> Callable[..., Response[str | bytes]]:
    """Return what answers a request for an operation."""

    def answer_operation(**in_path: str) -> Response[str | bytes]:
        return answer(operation, in_path)

    return answer_operation


def answer(operation: Operation, in_path: Mapping[str, str]) -> Response[str | bytes]:
    """Answer a request for an operation, or why it has no answer."""
    try:
        return respond(ask(operation, in_path))
    except PermanentError as error:
        logger.info(error.detail, reason=error.reason)
        return respond(refusal(error))
    except (BotoCoreError, ClientError):
        logger.exception("AWS failed")
        count_failure("aws_failed")
        detail = "the archive could not be read; try again"
        return respond(problem(HTTPStatus.SERVICE_UNAVAILABLE, "aws_failed", detail, {"Retry-After": "1"}))
    # Whatever it is: its text is for the log, and not for who asks.
    except Exception:
        logger.exception("crashed")
        count_failure("crashed")
        return respond(problem(HTTPStatus.INTERNAL_SERVER_ERROR, "crashed", "the log of the api function says more"))


def ask(operation: Operation, in_path: Mapping[str, str]) -> Representation:
    """Return the answer of an operation to the request that there is; raises PermanentError where it has none."""
    event = app.current_event
    given = operation.read(in_path, event.raw_query_string)
    headers = {name.lower(): value for name, value in event.headers.items()}
    return represent(operation.ask(librarian, given), event.http_method, headers)


def refuse_method(**_: str) -> Response[str | bytes]:
    """Answer that there is nothing but to read."""
    allowed = ", ".join(METHODS)
    detail = f"{app.current_event.http_method} is not for this path, only {allowed}"
    return respond(problem(HTTPStatus.METHOD_NOT_ALLOWED, "bad_method", detail, {"Allow": allowed}))


for each in ALL_OPERATIONS:
    path = re.sub(r"\{(\w+)\}", r"<\1>", each.path)
    app.route(path, list(METHODS))(answering(each))
    app.route(path, OTHER_METHODS)(refuse_method)
gc.enable()


@app.not_found
def refuse_path(_: UnknownPathError) -> Response[str | bytes]:
    """Answer that there is no such path."""
    paths = ", ".join(each.path for each in ALL_OPERATIONS)
    detail = f"there is no {app.current_event.path[:80]!r}; there are {paths}"
    return respond(problem(HTTPStatus.NOT_FOUND, "unknown_path", detail))


def respond(found: Representation) -> Response[str | bytes]:
    """Return an answer in Powertools' form."""
    return Response(status_code=found.status.value, headers=dict(found.headers), body=found.body)


def count_failure(reason: str) -> None:
    """Count what is no fault of who asked."""
    with single_metric(name="Failures", unit=MetricUnit.Count, value=1) as metric:
        metric.add_dimension(name="service", value="api")
        metric.add_dimension(name="reason", value=reason)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Answer a request of the HTTP API."""
    metrics.add_metric(name="Accepted", unit=MetricUnit.Count, value=1)
    return app.resolve(event, context)
