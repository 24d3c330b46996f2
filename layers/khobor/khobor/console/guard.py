"""Who may ask the console: the reader who was given its address, and no other site, nor by another name.

The console is bound to loopback, but any page in the reader's browser can send requests there, and a name that its
owner resolves to 127.0.0.1 can read the answers (DNS rebinding). So the Host header is checked; the address that is
printed has a secret, which is exchanged for a cookie that no other site can have sent; and a form has a second secret.
Cookies do not heed ports, so that requests which the browser says come from another origin are refused too.
"""

import secrets
from hmac import compare_digest

from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

_MISDIRECTED = 421
_NAMES = ("127.0.0.1", "localhost")
_FROM_HERE = {None, "same-origin", "none"}
# What is the same for everybody, and tells nothing.
PUBLIC = "/static/"


class MisdirectedError(HTTPException):
    """The request was sent to another name."""

    code = _MISDIRECTED
    description = "This console answers only to the address at which it was started."


class Guard:
    """The secrets of one run of the console, and what is asked of every request."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(32)
        self.form_token = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)

    def check(self, request: Request) -> Response | None:
        """Check a request.

        Returns:
            The answer to the address that is printed: the cookie, and the way to the page itself; None for others.

        Raises:
            HTTPException: The request is refused.
        """
        port = request.environ["SERVER_PORT"]
        origins = [f"{name}:{port}" for name in _NAMES]
        if request.headers.get("Host") not in origins:
            raise MisdirectedError
        if request.path.startswith(PUBLIC):
            return None
        if request.method in {"GET", "HEAD"} and _is_same(request.args.get("token", ""), self.token):
            return self._welcome(port)
        if not _is_same(request.cookies.get(_cookie(port), ""), self._session):
            raise Forbidden("Open the address that khobor console printed; it holds the key to this page.")
        self._check_origin(request, {f"http://{each}" for each in origins})
        return None

    def _check_origin(self, request: Request, origins: set[str]) -> None:
        if request.headers.get("Sec-Fetch-Site") not in _FROM_HERE:
            raise Forbidden("Another site asked for this page.")
        if request.method in {"GET", "HEAD"}:
            return
        if request.headers.get("Origin") not in {None, *origins}:
            raise Forbidden("Another site sent this form.")
        if not _is_same(request.form.get("form_token", ""), self.form_token):
            raise Forbidden("This form is of an earlier run of the console: open its page again.")

    def _welcome(self, port: str) -> Response:
        answer = redirect("/", code=303)
        answer.set_cookie(_cookie(port), self._session, httponly=True, samesite="Strict")
        return answer


def _cookie(port: str) -> str:
    # Several consoles may run; a cookie is of all ports.
    return f"khobor-console-{port}"


def _is_same(given: str, secret: str) -> bool:
    return compare_digest(given.encode(), secret.encode())
