"""The headers of every response: only the console's own files are loaded, run or framed."""

from collections.abc import Mapping

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
# Images of an article are on other hosts; they are loaded only if the user asks for them.
_WITH_PICTURES = _POLICY | {"img-src": "'self' https:"}


def headers(*, pictures: bool = False) -> Mapping[str, str]:
    """Return the headers of a response.

    Args:
        pictures: Whether images may be loaded from other hosts.
    """
    policy = _WITH_PICTURES if pictures else _POLICY
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # With no-referrer, a browser would not send the Origin header, which the guard checks for forms.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        # The archive is private, even on a shared machine.
        "Cache-Control": "no-store",
    }
