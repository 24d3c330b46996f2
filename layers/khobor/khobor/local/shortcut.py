"""A shorter way from a client to moto, in the same process.

On the usual way a call becomes an HTTP request, which is signed and then taken apart again by moto, that looks through
all its services for whose it is: most of what a call takes. Here the operations that the pipeline lives on go from the
body of the request straight to moto's own method, and the result straight to the client's own parser. The rest goes
the usual way, and so does, once more, what is refused: so that an error is exactly what it is there.
"""

import json
import math
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.endpoint import convert_to_response_dict
from botocore.httpchecksum import apply_request_checksum
from botocore.model import OperationModel
from botocore.parsers import create_parser
from moto.core.botocore_stubber import MockRawResponse
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request
from moto.core.utils import get_service_model
from moto.dynamodb.responses import DynamoHandler
from moto.dynamodbstreams.responses import DynamoDBStreamsHandler
from moto.events.responses import EventsHandler
from moto.s3.responses import S3Response
from moto.sqs.responses import SQSResponse
from werkzeug.exceptions import HTTPException

from khobor.local.resources import ACCOUNT, REGION

if TYPE_CHECKING:
    from boto3 import Session

_OK = 200
# moto takes who does not sign for the public.
_SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential=khobor/20260101/{REGION}/s3/aws4_request"}
# What signing says of a body that the checksum follows.
_TRAILED = {"X-Amz-Content-SHA256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
_OBJECTS = frozenset({"GetObject", "PutObject"})
_METHODS = {
    "dynamodb": DynamoHandler,
    "dynamodbstreams": DynamoDBStreamsHandler,
    "events": EventsHandler,
    "sqs": SQSResponse,
}
# Where they are refused, all is as it was, or will be the same after another try: that is made on the usual way.
_OPERATIONS = frozenset(
    {
        "BatchGetItem",
        "BatchWriteItem",
        "GetItem",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
        "GetRecords",
        "PutEvents",
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    }
)
# Nobody reads it, and to compose botocore's own takes a third of a call.
_CONFIG = Config(user_agent="khobor")


def shorten(session: "Session") -> None:
    """Let the clients that are made from a session take the shorter way; ``mock_aws`` is for the session to enter."""
    session._session.set_default_client_config(_CONFIG)  # noqa: SLF001 boto3 has no other way to a default
    # botocore takes an answer from a handler, which its types do not know.
    session.events.register_last("before-call", cast("Any", _answer))


def _answer(model: OperationModel, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
    """Return the answer to a call, as it is and as it is read; None leaves the call to the usual way."""
    if model.service_model.service_name == "s3":
        answer = _object(params) if model.name in _OBJECTS else None
    else:
        answer = _document(model, params) if model.name in _OPERATIONS else None
    if answer is None or answer.status_code != _OK or model.output_shape is None:
        return None
    parser = create_parser(model.service_model.resolved_protocol)
    return answer, parser.parse(convert_to_response_dict(answer, model), model.output_shape)


def _object(params: dict[str, Any]) -> AWSResponse:
    asked = {**params, "headers": params["headers"].copy()}
    apply_request_checksum(asked)
    headers = {**asked["headers"], **_SIGNED, **(_TRAILED if "X-Amz-Trailer" in asked["headers"] else {})}
    request = Request.from_primitives(asked["method"], asked["url"], headers, asked["body"])
    status, said, body = S3Response.key_dispatch(request, request.raw_url, request.headers)
    return _response(asked["url"], status, said, body)


def _document(model: OperationModel, params: dict[str, Any]) -> AWSResponse | None:
    try:
        answer = _method(model, params["body"])()
    except (ServiceException, HTTPException):
        return None
    body = answer if isinstance(answer, str) else json.dumps(answer.result or {}, default=_written)
    return _response(params["url"], _OK, {}, body)


def _method(model: OperationModel, body: bytes) -> Callable[[], Any]:
    """Return moto's method for an operation, with the parameters of a request set."""
    service = model.service_model.service_name
    handler: Any = _METHODS[service]()
    handler.region, handler.current_account = REGION, ACCOUNT
    handler.uri_match, handler.querystring = {}, {}
    handler.body = body
    if handler.automated_parameter_parsing:
        parser: Any = PROTOCOL_PARSERS["json"](get_service_model(service).operation_model(model.name))
        handler.body = handler.params = parser.parse({"body": body})
    method: Callable[[], Any] = getattr(handler, xform_name(model.name))
    return method


def _response(url: str, status: int, headers: dict[str, Any], body: str | bytes) -> AWSResponse:
    return AWSResponse(url, status, cast("Any", headers), MockRawResponse(body))


def _written(value: bytes | datetime) -> str | float:
    """Return what stands in JSON for a value that it does not know: bytes, or a time of moto's, UTC without saying so.

    >>> _written(datetime(2026, 3, 1, 0, 0, 0, 1999))
    1772323200.001
    """
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return math.floor(value.replace(tzinfo=UTC).timestamp() * 1000) / 1000
