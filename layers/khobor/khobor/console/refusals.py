"""Error pages: what was wrong, and links that lead on."""

from dataclasses import dataclass, field
from http import HTTPStatus

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Request

from khobor.console.requests import UnreadableFormError
from khobor.console.submissions import SIZE_LIMIT
from khobor.errors import CommandError, PermanentError

_ADD = ("/add", "Add a page")
_HEADLINES = ("/", "Headlines")


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """An error page.

    Attributes:
        status: The HTTP status code.
        heading: What happened, in a few words.
        detail: What was wrong, with what, and what to do.
        ways: Links that lead on, each with its text.
        headers: Headers that the status needs.
    """

    status: int
    heading: str
    detail: str
    ways: tuple[tuple[str, str], ...] = (_HEADLINES,)
    headers: dict[str, str] = field(default_factory=dict)


def of_http(error: HTTPException, request: Request) -> ErrorPage:
    """Return the error page for an HTTP error.

    Args:
        error: The error.
        request: The request that caused it.
    """
    status = error.code or HTTPStatus.BAD_REQUEST
    # A description that only the class has was written by werkzeug.
    own = error.description if "description" in vars(error) or type(error).__module__.startswith("khobor") else None
    match error:
        case UnreadableFormError():
            return ErrorPage(status=status, heading="The form could not be read", detail=own or "", ways=(_ADD,))
        case NotFound():
            where = f"The console has no page {request.path!r}. Check the address, or continue with one of these pages."
            return ErrorPage(
                status=status, heading="There is no such page", detail=own or where, ways=(_HEADLINES, _ADD)
            )
        case MethodNotAllowed():
            allowed = ", ".join(sorted(error.valid_methods or ()))
            detail = f"{request.path!r} does not accept {request.method} requests; it accepts {allowed}."
            heading = "This page does not accept such requests"
            return ErrorPage(status=status, heading=heading, detail=detail, headers={"Allow": allowed})
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return too_large(SIZE_LIMIT)
    phrase = HTTPStatus(status).phrase.capitalize() if status in set(HTTPStatus) else "The request was refused"
    return ErrorPage(status=status, heading=phrase, detail=own or "The console cannot answer this request.")


def of_failure(error: Exception, request: Request) -> ErrorPage:
    """Return the error page for an error that is no bug in khobor.

    Args:
        error: PermanentError if the request is invalid, CommandError if the archive cannot be used, otherwise an error
            of AWS.
        request: The request that caused it.
    """
    match error:
        case PermanentError():
            return of_form(error) if request.method == "POST" else of_question(error)
        case CommandError():
            return of_database(error)
    return of_aws(error)


def of_form(error: PermanentError) -> ErrorPage:
    """Return the error page for a form with an invalid value."""
    if error.reason == "too_large":
        return too_large(error.detail)
    if error.reason == "unknown_stage":
        return of_question(error)
    heading = "This page cannot be added"
    return ErrorPage(status=HTTPStatus.BAD_REQUEST, heading=heading, detail=error.detail, ways=(_ADD,))


def of_question(error: PermanentError) -> ErrorPage:
    """Return the error page for an invalid query."""
    return ErrorPage(status=HTTPStatus.BAD_REQUEST, heading="Invalid request", detail=error.detail)


def too_large(detail: str) -> ErrorPage:
    """Return the error page for a page or form that is too large."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return ErrorPage(status=status, heading="This page is too large", detail=detail, ways=(_ADD,))


def of_aws(error: Exception) -> ErrorPage:
    """Return the error page for a call to AWS that failed."""
    return ErrorPage(status=HTTPStatus.BAD_GATEWAY, heading="A call to AWS failed", detail=str(error))


def of_database(error: CommandError) -> ErrorPage:
    """Return the error page for a database of a local archive that cannot be used now, such as on a full disk."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return ErrorPage(status=status, heading="The archive cannot be used", detail=str(error))


def of_fault(error: Exception) -> ErrorPage:
    """Return the error page for a bug in khobor."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = (
        f"This is a bug in khobor ({type(error).__name__}: {error}). "
        "The terminal in which the console runs shows the traceback; please report it."
    )
    return ErrorPage(status=status, heading="khobor failed on this page", detail=detail)
