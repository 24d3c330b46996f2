"""An HTTP API of API Gateway, as a function sees it: payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from khobor.embedded.account import ACCOUNT, REGION
from khobor.embedded.function import FunctionError

_HOST = f"khobor.execute-api.{REGION}.amazonaws.com"
ENDPOINT = f"https://{_HOST}"
# The largest response of a function, as JSON.
_MOST_BYTES = 6_291_556


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """The response to a request; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def http_event(method: str, url: str, headers: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the event of a request that IAM has authorized.

    Args:
        method: The method, such as GET.
        url: Path and query, percent-encoded.
        headers: The headers of the request.
        at: The time of the request, aware.
    """
    path, _, query = url.partition("?")
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in headers.items()} | {"host": _HOST},
        "requestContext": _context(method, unquote(path), at),
        "isBase64Encoded": False,
    }
    return event | ({"queryStringParameters": joined} if joined else {})


def read_response(answer: Mapping[str, Any]) -> GatewayResponse:
    """Return the HTTP response for the response of a function; raises FunctionError if it exceeds Lambda's limit."""
    if len(json.dumps(answer, ensure_ascii=False).encode()) > _MOST_BYTES:
        raise FunctionError("the response is larger than Lambda allows")
    body: str = answer.get("body") or ""
    headers = {name.lower(): str(value) for name, value in answer.get("headers", {}).items()}
    return GatewayResponse(
        status=answer["statusCode"],
        headers=headers,
        body=base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode(),
    )


def _context(method: str, path: str, at: datetime) -> dict[str, Any]:
    caller = {
        "accessKey": "AKIAIOSFODNN7EXAMPLE",
        "accountId": ACCOUNT,
        "callerId": "AIDACKCEVSQ6C2EXAMPLE",
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": f"arn:aws:iam::{ACCOUNT}:user/reader",
        "userId": "AIDACKCEVSQ6C2EXAMPLE",
    }
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "khobor"}
    return {
        "accountId": ACCOUNT,
        "apiId": "khobor",
        "authorizer": {"iam": caller},
        "domainName": _HOST,
        "domainPrefix": "khobor",
        "http": http,
        "requestId": str(uuid.uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "time": f"{at:%d/%b/%Y:%H:%M:%S %z}",
        "timeEpoch": int(at.timestamp() * 1000),
    }
