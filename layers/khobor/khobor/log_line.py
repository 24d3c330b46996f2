"""A line of a function's log, as JSON: without the secrets that URLs may carry.

Every line that is about an article has its ``article_id``, by which ``khobor trace`` finds all of them. It is the id of
the URL that was found; where an article turns out to have another, the line says both: ``same_as`` is the other. No
line has anything of a page's content, its title included: who reads logs may not be one who may read the archive.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

# User and password before a host (RFC 3986, 3.2.1).
_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s\"\\@]+@")
# Parameters by whose value somebody is let in, as they are called by OAuth, by S3's signed URLs and by many sites.
_SECRET = re.compile(
    r"([?&;][\w.%-]*(?:token|secret|passw(?:or)?d|signature|credential|api[_-]?key|session_?id|access_?key(?:id)?)"
    r"|[?&;](?:key|sig|auth|pwd|sid|jwt))=[^&;#\s\"\\<>]+",
    re.IGNORECASE,
)
_HIDDEN = "***"
# What Powertools adds to each line, and the name of the log's group says already: a third of it.
_KNOWN = frozenset({"function_arn", "function_memory_size", "function_name"})


def log_line(record: Mapping[str, Any]) -> str:
    """Return a record of a log as one line of JSON, secrets of URLs left out.

    Args:
        record: What Powertools' logger has to say.
    """
    said = {name: value for name, value in record.items() if name not in _KNOWN}
    return without_secrets(json.dumps(said, default=str, separators=(",", ":"), ensure_ascii=False))


def without_secrets(text: str) -> str:
    """Return a text with the secrets of the URLs in it left out.

    >>> without_secrets("https://me:pass@example.com/a?id=7&access_token=abc#top")
    'https://***@example.com/a?id=7&access_token=***#top'
    """
    return _SECRET.sub(rf"\1={_HIDDEN}", _CREDENTIALS.sub(f"{_HIDDEN}@", text))
