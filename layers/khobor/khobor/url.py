"""URLs: one spelling for one address, and the id of the article behind it."""

import base64
import hashlib
from functools import lru_cache

import can_ada

from khobor.errors import PermanentError

# Query parameters that say how a reader came, never what is read.
_TRACKING_PREFIXES = ("utm_", "mc_", "_hs", "pk_", "mtm_", "at_")
_TRACKING_NAMES = frozenset(
    {"fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid", "igshid", "ttclid"}
    | {"mkt_tok", "oly_anon_id", "oly_enc_id", "vero_id", "cmpid", "ocid", "smid", "ns_mchannel", "ns_source"}
    | {"ns_campaign", "ns_linkname", "ref_src", "ref_url", "__twitter_impression", "_ga", "_gl", "wt_mc"}
)


def absolute_url(url: str, base: str | None = None) -> str:
    """Return the URL as the WHATWG URL standard serialises it: ASCII, host in lower case, no default port.

    Args:
        url: An http or https URL, or a reference relative to ``base``.
        base: The URL of the page that the reference stands on.

    Raises:
        PermanentError: ``bad_url`` if it is no http or https URL with a host.
    """
    return _parse(url, base).href


def canonical_url(url: str, base: str | None = None) -> str:
    """Return the URL without what does not tell articles apart: fragment, credentials and tracking parameters.

    >>> canonical_url("HTTPS://Example.com:443/a/../খবর?utm_source=x&id=7#top")
    'https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0?id=7'

    Raises:
        PermanentError: ``bad_url`` if it is no http or https URL with a host.
    """
    parsed = _parse(url, base)
    href = parsed.href
    # Most have no query, no fragment and no credentials.
    if "?" not in href and "#" not in href and "@" not in href:
        return href
    parsed.hash = parsed.username = parsed.password = ""
    kept = [part for part in parsed.search[1:].split("&") if part and not _is_tracking(part)]
    # The setter takes one question mark away: a query may begin with another.
    parsed.search = "?" + "&".join(kept) if kept else ""
    return parsed.href


def article_id(canonical: str) -> str:
    """Return 26 characters of ``a-z2-7`` that are the same for the same canonical URL, over http or https.

    They are the first 130 bits of its SHA-256 in base32 (RFC 4648), so that a clash among 10¹² articles is
    less likely than one in 10¹⁴.

    >>> article_id("https://example.com/1") == article_id("http://example.com/1")
    True
    """
    _, _, address = canonical.partition("://")
    return digest(address.encode())


def digest(data: bytes) -> str:
    """Return 26 characters of ``a-z2-7`` that stand for the bytes: 130 bits of their SHA-256."""
    return base64.b32encode(hashlib.sha256(data).digest()).decode("ascii").lower()[:26]


def host(url: str) -> str:
    """Return the URL's host in lower case and ASCII, without its port; raises PermanentError as ``absolute_url``."""
    return _parse(url, None).hostname


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)


def _parse(url: str, base: str | None) -> can_ada.URL:
    try:
        parsed = _base(base) + url if base else can_ada.parse(url)
    except ValueError:
        raise PermanentError("bad_url", f"{url!r} is no URL; give one like https://example.com/news/1") from None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        raise PermanentError("bad_url", f"{url!r} is no http or https URL; only these are fetched")
    return parsed


@lru_cache(maxsize=16)
def _base(url: str) -> can_ada.URL:
    # All references of a page have the same; nobody changes what is kept here.
    return can_ada.parse(url)
