"""The HTTP API: routes requests from API Gateway to operations, by Powertools' event handler."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from botocore.exceptions import BotoCoreError, ClientError

from khobor.errors import PermanentError
from khobor.query.openapi import ALL_OPERATIONS
from khobor.query.operations import Operation
from khobor.query.representation import METHODS, Representation, problem, refusal, represent
from khobor.query.service import QueryService
from khobor.runtime.observability import Observability

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler.exceptions import NotFoundError as UnknownPathError
    from aws_lambda_powertools.utilities.typing import LambdaContext

_OTHER_METHODS = ["DELETE", "OPTIONS", "PATCH", "POST", "PUT"]


class HttpApi:
    """Answers requests.

    Args:
        query_service: Answers the queries.
        observability: Logs and counts failures.
    """

    def __init__(self, query_service: QueryService, observability: Observability) -> None:
        self._query_service = query_service
        self._observability = observability
        # Bodies are serialized already. Powertools' validation would need pydantic, which makes the start half as long
        # again.
        self._app = APIGatewayHttpResolver(serializer=lambda body: cast("str", body))
        for operation in ALL_OPERATIONS:
            path = re.sub(r"\{(\w+)\}", r"<\1>", operation.path)
            self._app.route(path, list(METHODS))(self._answering(operation))
            self._app.route(path, _OTHER_METHODS)(self._refuse_method)
        self._app.not_found(self._refuse_path)

    def resolve(self, event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
        """Answer a request.

        Args:
            event: The request in API Gateway's payload format 2.0.
            context: Lambda's context of the invocation.
        """
        return self._app.resolve(event, context)

    def _answering(self, operation: Operation) -> "Callable[..., Response[str | bytes]]":
        def answer_operation(**in_path: str) -> Response[str | bytes]:
            return _response(self._answer(operation, in_path))

        return answer_operation

    def _answer(self, operation: Operation, in_path: Mapping[str, str]) -> Representation:
        try:
            return self._ask(operation, in_path)
        except PermanentError as error:
            self._observability.logger.info(error.detail, reason=error.reason)
            return refusal(error)
        except (BotoCoreError, ClientError):
            self._observability.logger.exception("AWS failed")
            self._observability.count_failure("aws_failed")
            detail = "the archive could not be read; try again"
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, "aws_failed", detail, {"Retry-After": "1"})
        # An unexpected error: its text is for the log, not for the client.
        except Exception:
            self._observability.logger.exception("crashed")
            self._observability.count_failure("crashed")
            return problem(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "crashed",
                "an unexpected error; the log of the api function has the details",
            )

    def _ask(self, operation: Operation, in_path: Mapping[str, str]) -> Representation:
        event = self._app.current_event
        parameters = operation.read(in_path, event.raw_query_string)
        headers = {name.lower(): value for name, value in event.headers.items()}
        return represent(operation.ask(self._query_service, parameters), event.http_method, headers)

    def _refuse_method(self, **_: str) -> Response[str | bytes]:
        allowed = ", ".join(METHODS)
        detail = f"{self._app.current_event.http_method} is not allowed for this path; use {allowed}"
        return _response(problem(HTTPStatus.METHOD_NOT_ALLOWED, "bad_method", detail, {"Allow": allowed}))

    def _refuse_path(self, _: "UnknownPathError") -> Response[str | bytes]:
        paths = ", ".join(each.path for each in ALL_OPERATIONS)
        detail = f"there is no {self._app.current_event.path[:80]!r}; there are {paths}"
        return _response(problem(HTTPStatus.NOT_FOUND, "unknown_path", detail))


def _response(answer: Representation) -> Response[str | bytes]:
    return Response(status_code=answer.status.value, headers=dict(answer.headers), body=answer.body)
