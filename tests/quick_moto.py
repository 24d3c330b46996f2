"""moto in less time: DynamoDB, its streams and SQS are called without HTTP, and what stays the same is made once."""

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.endpoint import Endpoint
from botocore.parsers import create_parser
from moto import backend_index
from moto.core import models, responses, utils
from moto.core.base_backend import BaseBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from moto.sqs import models as sqs
from moto.sqs.responses import SQSResponse

from khobor.embedded.account import ACCOUNT

# moto's handlers of the services that are called most.
_HANDLERS: dict[str, Callable[[], Any]] = {
    "dynamodb": DynamoHandler,
    "dynamodbstreams": DynamoDBStreamsHandler,
    "sqs": SQSResponse,
}
# Those of which the results are what boto3 returns: nothing in them needs to be converted.
_PLAIN_OPERATIONS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "TransactWriteItems",
        "UpdateItem",
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "CreateQueue",
        "DeleteMessage",
        "DeleteMessageBatch",
        "PurgeQueue",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    }
)
# Members of which the value in JSON is Base64.
_BINARY = (b'"B"', b'"BS"', b'"BinaryValue"')
# With each stack moto registers the URLs of 184 services with the library requests, for seven methods each. What then
# is called finds the service by itself.
_ANY_SERVICE = ("any", re.compile(r"https?://.+\.amazonaws\.com/"))

_make_request: Any = Endpoint.make_request
_urls_of_moto = vars(BaseBackend)["urls"].fget
_cast_value_of_moto = vars(DynamoType)["cast_value"].fget
_names = cache(utils.camelcase_to_underscores)
_parser = cache(create_parser)


def call(endpoint: Any, operation: Any, request: dict[str, Any]) -> Any:
    """Call moto, and return its response and what botocore reads from it; in place of ``Endpoint.make_request``."""
    service = operation.service_model.service_name
    if not models.botocore_stubber.enabled or service not in _HANDLERS:
        return _make_request(endpoint, operation, request)
    handler = _handler(service, request)
    _read_parameters(handler, request)
    if operation.name in _PLAIN_OPERATIONS:
        method = _names(operation.name)
        try:
            result = getattr(handler, method)().result
        except Exception as error:  # noqa: BLE001 moto makes the response of whatever it is, below
            setattr(handler, method, _raiser(error))
        else:
            return _response(request, 200), _parsed(result or {}, operation)
    status, headers, body = handler.call_action()
    return _response(request, status), _parse(endpoint, operation, status, headers, body)


def _response(request: dict[str, Any], status: int) -> AWSResponse:
    return AWSResponse(request["url"], status, HTTPHeaders(), None)


def _handler(service: str, request: dict[str, Any]) -> Any:
    # What moto's BaseResponse.setup_class sets, as far as these services read it.
    handler = _HANDLERS[service]()
    handler.automated_parameter_parsing = True
    handler.method, handler.path, handler.uri = request["method"], request["url_path"], request["url"]
    handler.headers, handler.response_headers = request["headers"], {}
    handler.querystring, handler.uri_match = {}, {}
    handler.region, handler.current_account = request["context"]["client_region"], ACCOUNT
    return handler


def _read_parameters(handler: Any, request: dict[str, Any]) -> None:
    body, headers = request["body"], request["headers"]
    if not any(name in body for name in _BINARY):
        # The JSON of these services is what moto works on, but for binary values.
        handler.params = json.loads(body)
    else:
        content_type = headers["Content-Type"]
        handler.parse_parameters(
            SimpleNamespace(
                method=handler.method,
                path=handler.path,
                headers=headers,
                content_type=content_type,
                values={},
                data=body,
            )
        )
    handler.body = handler.params


def _raiser(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def _parsed(result: Mapping[str, Any], operation: Any) -> dict[str, Any]:
    known = operation.output_shape.members if result else ()
    members = {name: value for name, value in result.items() if value is not None and name in known}
    metadata = {"RequestId": _request_id({}), "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
    return members | {"ResponseMetadata": metadata}


def _parse(endpoint: Any, operation: Any, status: int, headers: dict[str, str], body: str | bytes) -> dict[str, Any]:
    response = {"status_code": status, "headers": headers, "body": body.encode() if isinstance(body, str) else body}
    parser = _parser(operation.service_model.resolved_protocol)
    parsed: dict[str, Any] = parser.parse(response, operation.output_shape)
    if status >= 300:
        endpoint._add_modeled_error_fields(response, parsed, operation, parser)  # noqa: SLF001 as the endpoint does
    parsed["ResponseMetadata"]["RetryAttempts"] = 0
    return parsed


_known_urls: dict[type, object] = {}


def _urls(backend: BaseBackend) -> object:
    if type(backend) not in _known_urls:
        _known_urls[type(backend)] = _urls_of_moto(backend)
    return _known_urls[type(backend)]


def _cast_value(value: DynamoType) -> Any:
    return value.value if value.type == "S" else _cast_value_of_moto(value)


def _all_items(table: Table) -> list[Item]:
    # moto compares the keys themselves, each time by their cast values.
    kept = table.items.values()
    items: list[Any] = [item for of_hash in kept for item in of_hash.values()] if table.range_key_attr else list(kept)
    return sorted(items, key=lambda item: [key.cast_value for key in (item.hash_key, item.range_key) if key])


def _unix_time_millis() -> float:
    return time.time() * 1000


def _request_id(headers: dict[str, str]) -> str:
    headers["x-amzn-requestid"] = request_id = f"{random.getrandbits(208):052X}"
    return request_id


# What is replaced: its owner, its name, moto's own, and the quick one.
REPLACEMENTS: tuple[tuple[Any, str, Any, Any], ...] = tuple(
    (owner, name, vars(owner)[name], quick)
    for owner, name, quick in (
        (Endpoint, "make_request", call),
        (BaseBackend, "urls", property(_urls)),
        (models, "backend_index", SimpleNamespace(backend_url_patterns=[_ANY_SERVICE])),
        (responses, "camelcase_to_underscores", _names),
        (responses, "method_names_from_class", cache(utils.method_names_from_class)),
        (responses, "gen_amzn_requestid_long", _request_id),
        (sqs, "camelcase_to_underscores", _names),
        (sqs, "unix_time_millis", _unix_time_millis),
        (DynamoType, "cast_value", property(_cast_value)),
        (Table, "all_items", _all_items),
    )
)


def use() -> None:
    """Make moto faster for the rest of this process."""
    # Of the services that are called by HTTP, S3 is called most: its URLs come first, not after 160 others.
    backend_index.backend_url_patterns.sort(key=lambda service_and_pattern: service_and_pattern[0] != "s3")
    for owner, name, _, quick in REPLACEMENTS:
        setattr(owner, name, quick)
