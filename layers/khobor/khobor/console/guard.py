"""Access control: only the user who has the printed address may use the console, and no other site.

The console listens only on loopback. But any page in the user's browser can send requests there, and a host name that
its owner resolves to 127.0.0.1 can read the responses (DNS rebinding). So the Host header is checked. The printed
address has a token, which is exchanged once for a cookie that no other site can make the browser send. Forms have a
second secret.

Cookies ignore ports: a cookie for 127.0.0.1 is sent to every server on this machine, even of another user account. So
the console has a random host name below ``localhost``, which browsers resolve to loopback (RFC 6761, 6.3), and its
cookie is sent only there. Requests that the browser marks as coming from another origin are refused too. All secrets
are lost when the process ends.
"""

import secrets
from hmac import compare_digest
from threading import Lock

from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

_MISDIRECTED = 421
# Used by browsers that do not resolve names below localhost.
_NUMBERED = ("127.0.0.1", "localhost")
_FROM_HERE = {None, "same-origin", "none"}
# Static files, which contain nothing private.
PUBLIC = "/static/"
# A browser does not send a strict cookie along a redirect that started at another site or a file, but does so when this
# page redirects.
_REDIRECT_PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>khobor</title>
<meta http-equiv="refresh" content="0; url=/"><p><a href="/">Open the console</a></p></html>"""


class MisdirectedError(HTTPException):
    """The request was sent to another host name."""

    code = _MISDIRECTED
    description = "The console answers only at the address that khobor console printed."


class Guard:
    """The secrets of one run of the console, and the check of every request.

    Attributes:
        name: The host name of this run.
        token: The token of the printed address, which can be used once.
        form_token: The secret of the forms.
    """

    def __init__(self) -> None:
        self.name = f"khobor-{secrets.token_hex(8)}.localhost"
        self.form_token = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._unused: list[str] = []
        self._lock = Lock()
        self.token = self.new_token()

    def new_token(self) -> str:
        """Return another token, which opens the console once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._unused.append(token)
        return token

    def check(self, request: Request) -> Response | None:
        """Check a request.

        Returns:
            For a request with a token, the response that sets the cookie and redirects; None for other requests.

        Raises:
            HTTPException: The request is refused.
        """
        port = request.environ["SERVER_PORT"]
        origins = [f"{name}:{port}" for name in (self.name, *_NUMBERED)]
        if request.headers.get("Host") not in origins:
            raise MisdirectedError
        if request.path.startswith(PUBLIC):
            return None
        is_known = _is_same(request.cookies.get(_cookie(port), ""), self._session)
        # A link preview, which sends HEAD, does not consume a token.
        if request.method == "GET" and self._consume(request.args.get("token", ""), is_known=is_known):
            return self._welcome(request, port)
        if not is_known:
            raise Forbidden(
                "Open the address that khobor console printed. It works once. "
                "If you have used it already, start khobor console again."
            )
        self._check_origin(request, {f"http://{each}" for each in origins})
        return None

    def _check_origin(self, request: Request, origins: set[str]) -> None:
        if request.headers.get("Sec-Fetch-Site") not in _FROM_HERE:
            raise Forbidden("Another site requested this page.")
        if request.method in {"GET", "HEAD"}:
            return
        if request.headers.get("Origin") not in {None, *origins}:
            raise Forbidden("Another site sent this form.")
        if not _is_same(request.form.get("form_token", ""), self.form_token):
            raise Forbidden("This form belongs to an earlier run of the console. Open its page again.")

    def _consume(self, text: str, *, is_known: bool) -> bool:
        """Consume a token, unless the user has the cookie already; return whether the token is valid and unused."""
        with self._lock:
            valid = [token for token in self._unused if _is_same(text, token)]
            if valid and not is_known:
                self._unused.remove(valid[0])
        return bool(valid)

    def _welcome(self, request: Request, port: str) -> Response:
        is_direct = request.headers.get("Sec-Fetch-Site") in _FROM_HERE
        answer = redirect("/", code=303) if is_direct else Response(_REDIRECT_PAGE, mimetype="text/html")
        answer.set_cookie(_cookie(port), self._session, httponly=True, samesite="Strict")
        return answer


def _cookie(port: str) -> str:
    # Several consoles may run, and cookies are shared by all ports.
    return f"khobor-console-{port}"


def _is_same(text: str, secret: str) -> bool:
    return compare_digest(text.encode(errors="replace"), secret.encode())
