"""The headers of every answer: nothing runs, loads or frames that is not the console's own."""

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
# Images of an article lie at its publisher or at somebody else; they are loaded only if the reader asks for it.
_WITH_PICTURES = _POLICY | {"img-src": "'self' https:"}


def headers(*, pictures: bool = False) -> Mapping[str, str]:
    """Return the headers of an answer.

    Args:
        pictures: Whether images may be loaded from elsewhere.
    """
    policy = _WITH_PICTURES if pictures else _POLICY
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        # Not no-referrer: with it a browser tells the console itself no Origin, by which its own forms are known.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        # The archive is nobody else's, on a shared machine either.
        "Cache-Control": "no-store",
    }
