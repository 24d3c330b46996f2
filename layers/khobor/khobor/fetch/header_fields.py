"""Header fields that stand once in an answer (RFC 9110, 5.3), read where a server or a cache sent them twice."""

import urllib3


def single(headers: urllib3.HTTPHeaderDict, name: str) -> str | None:
    """Return the value of a header field that is no list; of several values the last, as the Fetch standard takes it.

    >>> single(urllib3.HTTPHeaderDict([("ETag", "a"), ("ETag", "a")]), "etag")
    'a'

    Args:
        headers: The headers of an answer.
        name: The field, in any case.
    """
    values = headers.getlist(name)
    return values[-1] if values else None
