"""The console as a WSGI application: which page answers which request."""

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.resources import files
from typing import Any, TypeVar
from wsgiref.types import StartResponse, WSGIEnvironment

from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import IntegerConverter, Map, Rule
from werkzeug.utils import redirect, send_from_directory
from werkzeug.wrappers import Request, Response

from khobor.characters import DIRECTIONS, isolated
from khobor.console import refusals
from khobor.console.deployment import Deployment
from khobor.console.formatting import isolated_value, shortened
from khobor.console.guard import PUBLIC, Guard
from khobor.console.headers import headers
from khobor.console.pages.article import article_page, revisions_page
from khobor.console.pages.comparison import comparison
from khobor.console.pages.dead_letters import dead_letters, send_back, send_back_notice
from khobor.console.pages.headlines import changes, headlines
from khobor.console.pages.health import sources
from khobor.console.pages.search import search
from khobor.console.refusals import ErrorPage
from khobor.console.requests import ConsoleRequest
from khobor.console.submissions import Submission, Submissions
from khobor.errors import CommandError, PermanentError

_Page = TypeVar("_Page")
logger = logging.getLogger(__name__)
_REVISION = re.compile("[0-9]{1,9}")
_STATIC = str(files("khobor.console").joinpath("static"))


class _RevisionNumber(IntegerConverter):
    """The number of a revision in a path. A longer one leads to no page: Python refuses to read thousands of digits."""

    regex = "[0-9]{1,18}"


_ROUTES = Map(
    [
        Rule("/", endpoint="headlines", methods=["GET"]),
        Rule("/search", endpoint="search", methods=["GET"]),
        Rule("/changes", endpoint="changes", methods=["GET"]),
        Rule("/articles/<article_id>", endpoint="article", methods=["GET"]),
        Rule("/articles/<article_id>/revisions", endpoint="revisions", methods=["GET"]),
        Rule("/articles/<article_id>/revisions/<revision:number>", endpoint="revision", methods=["GET"]),
        Rule("/articles/<article_id>/compare", endpoint="compare", methods=["GET"]),
        Rule("/sources", endpoint="sources", methods=["GET"]),
        Rule("/dead-letters", endpoint="dead_letters", methods=["GET"]),
        Rule("/dead-letters/<stage>", endpoint="send_back", methods=["POST"]),
        Rule("/add", endpoint="add", methods=["GET"]),
        Rule("/add/url", endpoint="form", methods=["GET"]),
        Rule("/add/file", endpoint="form", methods=["GET"]),
        Rule("/add/url", endpoint="add_url", methods=["POST"]),
        Rule("/add/file", endpoint="add_file", methods=["POST"]),
        Rule("/add/<submission_id>", endpoint="submission", methods=["GET"]),
        Rule("/add/<submission_id>/state", endpoint="submission_state", methods=["GET"]),
        Rule(f"{PUBLIC}<path:path>", endpoint="static", methods=["GET"]),
    ],
    merge_slashes=False,
    converters={"revision": _RevisionNumber},
)


class Console:
    """The application.

    Args:
        deployment: The deployment that it shows.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.guard = Guard()
        self.submissions = Submissions(deployment)
        self._deployment = deployment
        self._templates = Environment(
            loader=PackageLoader("khobor.console"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=isolated_value,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {"deployment": deployment.name, "form_token": self.guard.form_token}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        # Leaving the context closes the files of the form.
        with ConsoleRequest(environ) as request:
            answer = self._answer(request)
        for name, value in headers(pictures=_asks_for_pictures(request)).items():
            if not (name == "Cache-Control" and request.path.startswith(PUBLIC)):
                answer.headers[name] = value
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            if welcome := self.guard.check(request):
                return welcome
            endpoint, values = _ROUTES.bind_to_environ(request.environ).match()
            answer: Callable[..., Response] = getattr(self, f"_{endpoint}")
            return answer(request, **values)
        except HTTPException as error:
            return self._refused(refusals.of_http(error, request))
        except (PermanentError, CommandError, BotoCoreError, ClientError) as error:
            return self._refused(refusals.of_failure(error, request))
        # Whatever it is: the error page of the server has no message, and no link back.
        except Exception as error:
            logger.exception("%s %s failed", request.method, DIRECTIONS.sub("", request.path))
            return self._refused(refusals.of_fault(error))

    def _headlines(self, request: Request) -> Response:
        page = headlines(self._deployment, request.args, datetime.now(UTC).date())
        return self._page("headlines.html", page=page)

    def _search(self, request: Request) -> Response:
        text = request.args.get("q", "").strip()
        if text.startswith(("http://", "https://")):
            return self._at_url(text)
        page = search(self._deployment, request.args)
        return self._page("search.html", status=HTTPStatus.BAD_REQUEST if page.problem else HTTPStatus.OK, page=page)

    def _at_url(self, url: str) -> Response:
        article_id = self._deployment.archive.find(url)
        if article_id is None:
            raise NotFound(f"The archive has no article at {url}.")
        return redirect(f"/articles/{article_id}", code=303)

    def _changes(self, request: Request) -> Response:
        return self._page("changes.html", page=changes(self._deployment, request.args))

    def _article(self, request: Request, article_id: str) -> Response:
        return self._article_page(request, article_id, None)

    def _revision(self, request: Request, article_id: str, number: int) -> Response:
        return self._article_page(request, article_id, number)

    def _revisions(self, _: Request, article_id: str) -> Response:
        return self._page("revisions.html", page=_existing(revisions_page(self._deployment, article_id)))

    def _compare(self, request: Request, article_id: str) -> Response:
        before, after = (_number(request.args.get(name, "")) for name in ("before", "after"))
        return self._page("compare.html", page=_existing(comparison(self._deployment, article_id, before, after)))

    def _sources(self, _: Request) -> Response:
        return self._page("sources.html", sources=sources(self._deployment, datetime.now(UTC)))

    def _dead_letters(self, request: Request) -> Response:
        notice = send_back_notice(self._deployment, request.args)
        return self._page("dead_letters.html", queues=dead_letters(self._deployment), sent=notice)

    def _send_back(self, request: Request, stage: str) -> Response:
        result = send_back(self._deployment, stage, request.form.get("reason") or None)
        return redirect(result.link, code=303)

    def _add(self, _: Request) -> Response:
        return self._page("add.html")

    def _form(self, _: Request) -> Response:
        return redirect("/add", code=303)

    def _add_url(self, request: Request) -> Response:
        return _redirect_to(self.submissions.fetch(request.form.get("url", "").strip()))

    def _add_file(self, request: Request) -> Response:
        files = request.files.getlist("file")
        if len(files) > 1:
            raise PermanentError("many_files", f"You sent {len(files)} files; send one at a time.")
        name, body = (files[0].filename or "", files[0].read()) if files else ("", b"")
        return _redirect_to(self.submissions.upload(name, body, request.form.get("url", "").strip() or None))

    def _submission(self, _: Request, submission_id: str) -> Response:
        return self._page("submission.html", submission=self._find_submission(submission_id))

    def _submission_state(self, _: Request, submission_id: str) -> Response:
        submission = self._find_submission(submission_id)
        steps = [{"state": step.state, "detail": isolated(step.detail or "")} for step in submission.steps]
        return _json({"steps": steps, "isOver": submission.is_over})

    def _find_submission(self, submission_id: str) -> Submission:
        submission = self.submissions.look(submission_id)
        if submission is None:
            raise NotFound(
                "The console remembers only the last pages added since it was started, and this is not one of them. "
                "To find the article of a page, search for its URL."
            )
        return submission

    def _static(self, request: Request, path: str) -> Response:
        answer = send_from_directory(_STATIC, path, request.environ, max_age=3600)
        # Read and closed here, because werkzeug's server does not close the file if the client disconnects.
        answer.direct_passthrough = False
        answer.make_sequence()
        answer.close()
        return answer

    def _article_page(self, request: Request, article_id: str, number: int | None) -> Response:
        pictures = _asks_for_pictures(request)
        return self._page(
            "article.html", page=_existing(article_page(self._deployment, article_id, number, pictures=pictures))
        )

    def _page(self, template: str, status: HTTPStatus = HTTPStatus.OK, **variables: object) -> Response:
        return Response(self._templates.get_template(template).render(variables), status=status, mimetype="text/html")

    def _refused(self, refusal: ErrorPage) -> Response:
        page = self._templates.get_template("refused.html").render(refusal=refusal)
        return Response(page, status=refusal.status, headers=refusal.headers, mimetype="text/html")


def _asks_for_pictures(request: Request) -> bool:
    return request.path.startswith("/articles/") and request.args.get("images") == "show"


def _existing(page: _Page | None) -> _Page:
    if page is None:
        raise NotFound("The archive has no such article or revision.")
    return page


def _number(text: str) -> int:
    if not _REVISION.fullmatch(text):
        raise PermanentError("bad_number", f"{shortened(text)!r} is not the number of a revision; give one such as 2")
    return int(text)


def _redirect_to(submission: Submission) -> Response:
    return redirect(f"/add/{submission.submission_id}", code=303)


def _json(value: Mapping[str, Any]) -> Response:
    return Response(json.dumps(value), mimetype="application/json")
