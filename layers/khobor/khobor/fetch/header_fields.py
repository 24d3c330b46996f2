"""Header fields that may occur only once (RFC 9110, 5.3), although some servers and caches send them twice."""

import urllib3


def single(headers: urllib3.HTTPHeaderDict, name: str) -> str | None:
    """Return the value of a header field that is not a list; the last of several values, as the Fetch standard does.

    >>> single(urllib3.HTTPHeaderDict([("ETag", "a"), ("ETag", "a")]), "etag")
    'a'

    Args:
        headers: The headers of a response.
        name: The name of the field, in any case.
    """
    values = headers.getlist(name)
    return values[-1] if values else None
