"""The OpenAPI document of the HTTP API, generated from the operations.

https://spec.openapis.org/oas/v3.1.0
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from khobor import __version__
from khobor.article import Article
from khobor.query.answers import ProblemDetails
from khobor.query.operations import OPERATIONS, Operation
from khobor.query.parameters import Parameter
from khobor.query.service import QueryService

_SCHEMAS = "#/components/schemas/"
# The meaning of each error status.
_PROBLEMS = {
    "400": "A parameter is invalid; the detail says why, and which values are valid",
    "404": "Not found",
    "406": "The answer is too large without compression; send Accept-Encoding: gzip",
    "413": "The answer is too large",
    "500": "The function crashed; its log has details",
    "503": "AWS failed; try again later",
}


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    types = [each.answer for each in OPERATIONS]
    _, components = msgspec.json.schema_components([*types, ProblemDetails], ref_template=f"{_SCHEMAS}{{name}}")
    schemas = _with_public_names(components)
    article = schemas[Article.__name__]
    article["properties"]["body_text"] = {"type": "string"}
    article["required"].append("body_text")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "khobor",
            "version": __version__,
            "description": "A news archive. Requests are signed (AWS Signature Version 4, service execute-api).",
        },
        "security": [{"signature": []}],
        "paths": {each.path: {"get": _described(each)} for each in ALL_OPERATIONS},
        "components": {
            "schemas": schemas,
            "responses": {status: _problem(what) for status, what in _PROBLEMS.items()},
            "securitySchemes": {"signature": {"type": "apiKey", "name": "Authorization", "in": "header"}},
        },
    }


def _describe(_: QueryService, __: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(document())


DESCRIPTION = Operation(
    name="getDescription",
    path="/openapi.json",
    summary="This document",
    answer=dict,
    ask=_describe,
)
ALL_OPERATIONS = (*OPERATIONS, DESCRIPTION)


def _described(operation: Operation) -> dict[str, Any]:
    is_typed = operation.answer is not dict
    schema = {"$ref": f"{_SCHEMAS}{_public_name(operation.answer.__name__)}"} if is_typed else {"type": "object"}
    unchanged = {"description": "Not modified since the ETag in If-None-Match"}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            *({**_parameter(each), "in": "path", "required": True} for each in operation.in_path),
            *({**_parameter(each), "in": "query"} for each in operation.in_query),
        ],
        "responses": {
            "200": {"description": operation.summary, "content": {"application/json": {"schema": schema}}},
            "304": unchanged,
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _PROBLEMS},
        },
    }


def _public_name(name: str) -> str:
    """Return the name that clients see for a type: ``Headline`` for ``HeadlineAnswer``."""
    return name.removesuffix("Answer")


def _with_public_names(schema: Any) -> Any:
    """Return a schema in which components, references and titles have the names that clients see."""
    if isinstance(schema, dict):
        return {_public_name(key): _with_public_names(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_with_public_names(each) for each in schema]
    return _public_name(schema) if isinstance(schema, str) else schema


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {"name": parameter.name, "description": parameter.description, "schema": parameter.schema}


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": f"{_SCHEMAS}{ProblemDetails.__name__}"}
    return {"description": description, "content": {"application/problem+json": {"schema": schema}}}
