"""Who may ask the console: the reader who was given its address, and no other site, nor by another name.

The console is bound to loopback, but any page in the reader's browser can send requests there, and a name that its
owner resolves to 127.0.0.1 can read the answers (DNS rebinding). So the Host header is checked; an address has a token,
which is exchanged once for a cookie that no other site can have sent; and a form has a second secret.

Cookies do not heed ports: one of 127.0.0.1 goes to every server of this machine, also to another account's. So the
console has a random name below ``localhost``, which browsers resolve to loopback (RFC 6761, 6.3), and its cookie goes
to no other. Requests that the browser says come from another origin are refused too. All secrets end with the process.
"""

import secrets
from hmac import compare_digest
from threading import Lock

from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

_MISDIRECTED = 421
# For browsers that do not resolve names below localhost.
_NUMBERED = ("127.0.0.1", "localhost")
_FROM_HERE = {None, "same-origin", "none"}
# What is the same for everybody, and tells nothing.
PUBLIC = "/static/"
# A browser sends a strict cookie with no redirect that began at another site or a file; with what this page leads to.
_ONWARD = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>khobor</title>
<meta http-equiv="refresh" content="0; url=/"><p><a href="/">Open the console</a></p></html>"""


class MisdirectedError(HTTPException):
    """The request was sent to another name."""

    code = _MISDIRECTED
    description = "The console answers only at the address that khobor console printed."


class Guard:
    """The secrets of one run of the console, and what is asked of every request.

    Attributes:
        name: The host name of this run.
        token: What the printed address has, good for one use.
        form_token: What its forms have.
    """

    def __init__(self) -> None:
        self.name = f"khobor-{secrets.token_hex(8)}.localhost"
        self.form_token = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._unused: list[str] = []
        self._lock = Lock()
        self.token = self.new_token()

    def new_token(self) -> str:
        """Return another token that opens the console once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._unused.append(token)
        return token

    def check(self, request: Request) -> Response | None:
        """Check a request.

        Returns:
            The answer to an address with a token: the cookie, and the way to the page itself; None for others.

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
        # A preview of a link, which asks with HEAD, uses no token up.
        if request.method == "GET" and self._is_used_up(request.args.get("token", ""), is_known=is_known):
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

    def _is_used_up(self, given: str, *, is_known: bool) -> bool:
        """Whether a token is good, and was not used before; of a reader who is known it is kept."""
        with self._lock:
            found = [token for token in self._unused if _is_same(given, token)]
            if found and not is_known:
                self._unused.remove(found[0])
        return bool(found)

    def _welcome(self, request: Request, port: str) -> Response:
        is_direct = request.headers.get("Sec-Fetch-Site") in _FROM_HERE
        answer = redirect("/", code=303) if is_direct else Response(_ONWARD, mimetype="text/html")
        answer.set_cookie(_cookie(port), self._session, httponly=True, samesite="Strict")
        return answer


def _cookie(port: str) -> str:
    # Several consoles may run; a cookie is of all ports.
    return f"khobor-console-{port}"


def _is_same(given: str, secret: str) -> bool:
    return compare_digest(given.encode(errors="replace"), secret.encode())
