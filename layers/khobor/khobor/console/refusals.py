"""What a reader sees in place of a page that cannot be shown: what was wrong, and where to go from there."""

from dataclasses import dataclass, field
from http import HTTPStatus

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Request

from khobor.console.requests import UnreadableFormError
from khobor.console.submissions import SIZE_LIMIT
from khobor.errors import PermanentError

_ADD = ("/add", "Add a page")
_HEADLINES = ("/", "Headlines")


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An answer that is not the page that was asked for.

    Attributes:
        status: Its status code.
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


def of_http(error: HTTPException, request: Request) -> Refusal:
    """Return the refusal for an error of HTTP, in the console's own words."""
    status = error.code or HTTPStatus.BAD_REQUEST
    # A description of the class alone is werkzeug's.
    own = error.description if "description" in vars(error) or type(error).__module__.startswith("khobor") else None
    match error:
        case UnreadableFormError():
            return Refusal(status=status, heading="The form could not be read", detail=own or "", ways=(_ADD,))
        case NotFound():
            where = f"The console has no page {request.path!r}. Check the address, or start from a page below."
            return Refusal(status=status, heading="There is no such page", detail=own or where, ways=(_HEADLINES, _ADD))
        case MethodNotAllowed():
            allowed = ", ".join(sorted(error.valid_methods or ()))
            detail = f"{request.path!r} does not answer {request.method}; it answers {allowed}."
            heading = "This page does not take such a request"
            return Refusal(status=status, heading=heading, detail=detail, headers={"Allow": allowed})
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return too_large(SIZE_LIMIT)
    phrase = HTTPStatus(status).phrase.capitalize() if status in set(HTTPStatus) else "The request was refused"
    return Refusal(status=status, heading=phrase, detail=own or "The console cannot answer this request.")


def of_form(error: PermanentError) -> Refusal:
    """Return the refusal for a form that asks for what cannot be done."""
    if error.reason == "too_large":
        return too_large(error.detail)
    if error.reason == "unknown_stage":
        return of_question(error)
    heading = "This page cannot be added"
    return Refusal(status=HTTPStatus.BAD_REQUEST, heading=heading, detail=error.detail, ways=(_ADD,))


def of_question(error: PermanentError) -> Refusal:
    """Return the refusal for a question that cannot be answered."""
    return Refusal(status=HTTPStatus.BAD_REQUEST, heading="This cannot be asked", detail=error.detail)


def too_large(detail: str) -> Refusal:
    """Return the refusal for a page or a form that is too large."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return Refusal(status=status, heading="This page is too large", detail=detail, ways=(_ADD,))


def of_aws(error: Exception) -> Refusal:
    """Return the refusal for a call to AWS that failed."""
    return Refusal(status=HTTPStatus.BAD_GATEWAY, heading="AWS did not answer as expected", detail=str(error))


def of_fault(error: Exception) -> Refusal:
    """Return the refusal where khobor itself failed."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = (
        f"It is a fault of khobor ({type(error).__name__}: {error}). "
        "The terminal in which the console runs shows where; please report it."
    )
    return Refusal(status=status, heading="khobor failed on this page", detail=detail)
