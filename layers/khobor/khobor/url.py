"""URLs: the canonical form of an address, and the id of its article.

Canonicalisation removes what makes no difference to the server, by a standard or by the meaning of the names. It keeps
what distinguishes pages on some sites: ``www.``, two slashes in a row, a trailing slash, ``index.html``, upper case in
paths, a first folder ``/m/``. For these, the page's canonical link, a redirect or a rule of the source decides.
Parameters are sorted, as w3lib and courlan do. The canonical URL identifies an article; requests use the original URL.
"""

import base64
import hashlib
import re

import can_ada

from khobor.errors import PermanentError
from khobor.public_suffixes import is_public_suffix

# Query parameters that say where a reader came from, and never which page is read. Names that are ids on some sites are
# left out, because one of these would merge two articles: ref, cid, source, from, campaign_id. So are short prefixes:
# pk_no is the id of an article.
_TRACKING_PREFIXES = (
    # Google Analytics and similar tools, Matomo.
    *("utm_", "mtm_", "matomo_", "piwik_", "itm_", "hmb_"),
    # HubSpot, Yahoo, Facebook, Blueshift, Salesforce, AT Internet.
    *(
        "_hs",
        "hsa_",
        "guce_",
        "fb_action_",
        "bsft_",
        "sfmc_",
        "at_campaign",
        "at_custom",
        "at_link",
        "at_ptr_",
        "at_bbc_",
    ),
)
_TRACKING_NAMES = frozenset(
    # Clicks on advertisements: Google, Microsoft, Meta, X, Yandex, TikTok, Snapchat, Pinterest, LinkedIn, Reddit.
    {"gclid", "dclid", "gbraid", "wbraid", "gclsrc", "gad_source", "gad_campaignid", "srsltid", "s_kwcid", "msclkid"}
    | {"fbclid", "igshid", "igsh", "mibextid", "twclid", "yclid", "ysclid", "ymclid", "ttclid", "sccid", "epik", "xmt"}
    | {"li_fat_id", "lipi", "licu", "rdt_cid", "wickedid", "rb_clickid", "irclickid", "irgwc", "cjevent", "zanpid"}
    | {"tblci", "dicbo", "oborigurl", "ndclid", "roistat_visit", "_openstat"}
    # Links of Facebook and X.
    | {"fb_ref", "fb_source", "fb_comment_id", "action_object_map", "action_type_map", "action_ref_map"}
    | {"ref_src", "ref_url", "__twitter_impression", "guccounter"}
    # Newsletters: Mailchimp, Marketo, Eloqua, Klaviyo, Vero, Omeda, beehiiv, Drip, ConvertKit, Listrak, others.
    | {"mc_cid", "mc_eid", "mc_tc", "mkt_tok", "elqtrackid", "elqtrack", "elqcampaignid", "_ke", "_kx", "vero_id"}
    | {"vero_conv", "oly_anon_id", "oly_enc_id", "_bhlid", "__s", "ck_subscriber_id", "trk_contact", "trk_msg"}
    | {"trk_module", "trk_sid", "dm_i", "ml_subscriber", "ml_subscriber_hash", "ss_email_id", "_cio_id", "vgo_ee"}
    | {"sc_cid", "et_cid", "et_rid", "hsctatracking", "__hstc", "__hssc", "__hsfp", "nr_email_referer"}
    # Other campaign parameters: Piwik, AT Internet, Webtrends, comScore, Adobe, publishers' own.
    | {"pk_campaign", "pk_cid", "pk_content", "pk_group", "pk_keyword", "pk_kwd", "pk_medium", "pk_placement"}
    | {"pk_source", "at_medium", "at_creation", "at_variant", "at_network", "at_format", "at_term", "at_emailtype"}
    | {"at_send_date", "at_channel", "at_platform", "at_xt", "at_ab", "at_pos", "at_pco", "at_tot", "xtor", "wt_mc"}
    | {"wt_zmc", "wt.mc_id", "wt.tsrc", "ns_mchannel", "ns_source", "ns_fee", "ns_campaign", "ns_linkname"}
    | {"campaign_medium", "campaign_source", "campaign_term", "campaign_content", "cmpid", "cmp", "intcmp", "icid"}
    | {"ito", "ocid", "smid", "echobox", "spm", "trk"}
    # Added by browsers, apps and analytics; links to a comment.
    | {"_ga", "_gl", "_branch_match_id", "_branch_referrer", "__readwiselocation", "replytocom"}
    # Google's AMP viewer.
    | {"amp_js_v", "amp_gsa", "amp_ct", "usqp"}
)
_SESSION_NAMES = frozenset({"phpsessid", "jsessionid", "cfid", "cftoken"})
# On some sites these are ids of stories. They are session ids only with a value of the length that PHP generates, and
# beside another parameter.
_SESSION_OR_STORY_NAMES = frozenset({"sid", "session", "sessionid", "session_id"})
_SESSION_VALUE = re.compile(r"[0-9A-Za-z]{26}|[0-9A-Za-z]{32}")
# In the path: Java's ;jsessionid=…, and ASP.NET's /(S(…))/.
_SESSION_OF_SEGMENT = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_SESSION_SEGMENT = re.compile(r"/\(S\([0-9a-z]{24}\)\)(?=/)", re.IGNORECASE)
_AMP_PARAMETERS = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp", "output=amp"})
_AMP_FIRST = re.compile(r"(?:/amp)+(?=/[^/])")
_AMP_LAST = re.compile(r"(?:(?<=[^/.])(?<![/.]amp)|(?<=[/.][/.]amp)|(?<=^[/.]amp))(?:[/.]amp)++(?=/?$)")
_AMP_SUFFIX = re.compile(r"(?:(?<=[^/.])(?<!\.amp)|(?<=[/.]\.amp)|(?<=^\.amp))(?:\.amp)++(?=\.html?$)")
# No real address has more of these nested in one another.
_MOST_LAYERS = 50
# The prefixes of hosts for mobile and AMP pages.
_VARIANT_HOSTS = ("m.", "mobile.", "amp.")
_AMP_CACHE = ".cdn.ampproject.org"
# The hosts of Google, and no others that begin like them: https://www.google.com/supported_domains
_COUNTRIES = (
    "ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cf cg ch ci cl cm cn cv cz de dj dk dm dz ee es fi fm fr"
    " ga ge gg gl gm gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn mu mv mw ne nl"
    " no nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm sn so sr st td tg tl tm tn to tt vu ws"
)
_COUNTRIES_BELOW_CO = "ao bw ck cr id il in jp ke kr ls ma mz nz th tz ug uk uz ve vi za zm zw"
_COUNTRIES_BELOW_COM = (
    "af ag ar au bd bh bn bo br bz co cu cy do ec eg et fj gh gi gt hk jm kh kw lb ly mm mt mx my na ng ni np om pa pe"
    " pg ph pk pr py qa sa sb sg sl sv tj tr tw ua uy vc vn"
)
_AMP_VIEWERS = {
    "google.com",
    *(f"google.{country}" for country in _COUNTRIES.split()),
    *(f"google.co.{country}" for country in _COUNTRIES_BELOW_CO.split()),
    *(f"google.com.{country}" for country in _COUNTRIES_BELOW_COM.split()),
}
_IN_AMP_CACHE = re.compile(r"/[a-z]{1,2}/(s/)?(.+)")
_IN_AMP_VIEWER = re.compile(r"/amp/(s/)?(.+)")
_SCHEMES = ("https://", "http://")
# RFC 1035, 2.3.4: DNS allows no longer names.
_LONGEST_HOST = 253
_LONGEST_LABEL = 63
# A base is parsed with each reference to it. Servers take URLs of 16,000 characters at most.
LONGEST_BASE = 20_000
# RFC 3986, 6.2.2: octets to normalise, that is, all but those in capitals that encode no unreserved character; and
# percent signs by themselves.
_ODD_OCTET = re.compile(r"%(?![0189A-F][\dA-F]|2[\dABCF]|3[A-F]|[46]0|5[B-E]|7[BCDF])(?:[\dA-Fa-f]{2})?")
# Characters that RFC 3986 forbids in paths and queries, and the WHATWG standard leaves unencoded in some of them.
_UNSAFE = re.compile(r"[\[\]{}|^`\\\"<>]")
# Ampersands that were escaped as HTML, once or several times: before the name of a parameter, and as a number.
_ESCAPED_AMPERSAND = re.compile(r"(?:amp(?:;|%3b)|%2338(?:;|%3b))+", re.IGNORECASE)
_NUMBERED_AMPERSAND = re.compile(r"&(?:amp;){0,4}#(?:0{0,4}38|x0{0,4}26);", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def is_url(argument: str) -> bool:
    """Whether an argument is meant as a URL rather than as a file."""
    return "://" in argument


def absolute_url(url: str, base: str | None = None) -> str:
    """Return the URL as the WHATWG URL standard serialises it: ASCII, host in lower case, no default port.

    Args:
        url: An http or https URL, or a reference relative to ``base``.
        base: The URL of the page with the reference.

    Raises:
        PermanentError: ``bad_url`` if it is not an http or https URL with a host.
    """
    return _parse(url, base).href


def without_credentials(url: str, base: str | None = None) -> str:
    """Return the URL as ``absolute_url`` does, without user name and password, which are a secret or disguise the host.

    >>> without_credentials("https://user:password@example.com/news/1")
    'https://example.com/news/1'

    Args:
        url: An http or https URL, or a reference relative to ``base``.
        base: The URL of the page with the reference.

    Raises:
        PermanentError: ``bad_url`` if it is not an http or https URL with a host.
    """
    parsed = _parse(url, base)
    if parsed.has_credentials():
        parsed.username = parsed.password = ""
    return parsed.href


def has_credentials(url: str) -> bool:
    """Return whether a URL has a user name or a password; raises PermanentError as ``absolute_url`` does."""
    return bool(_parse(url, None).has_credentials())


def canonical_url(url: str, base: str | None = None, *, unwrap: bool = True) -> str:
    """Return the canonical form of a URL, which is the same for all addresses of an article.

    It has no fragment, credentials, tracking parameters, session ids, and marks of an AMP or mobile variant;
    percent-encoding is normalised (RFC 3986, 6.2.2); parameters are sorted by name, and those of one name keep their
    order.

    >>> canonical_url("HTTPS://Example.com:443/a/../খবর?utm_source=x&id=7#top")
    'https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0?id=7'
    >>> canonical_url("https://www.google.com/amp/s/amp.example.com/news/%7eone/amp/?b=2&a=1")
    'https://example.com/news/~one/?a=1&b=2'

    Args:
        url: An http or https URL, or a reference relative to ``base``.
        base: The URL of the page with the reference.
        unwrap: Whether the URL of a copy in Google's AMP cache or viewer is replaced by the URL of the original. That
            is right for a link. A page that came from there is not a response of its owner.

    Raises:
        PermanentError: ``bad_url`` if it is not an http or https URL with a host.
    """
    parsed = _parse(url, base)
    href = parsed.href
    if "#" in href:
        # The first replacement of escaped ampersands may have made another.
        parsed = _parse(href, None)
    # Repeat, because a removal may reveal more to remove: /../ after a session id, an AMP copy in another.
    for _ in range(_MOST_LAYERS):
        if (plain := _plain(parsed, unwrap=unwrap)) == href:
            break
        parsed, href = _parse(plain, None), plain
    return href


def article_id(canonical: str) -> str:
    """Return the id of the article with a canonical URL: 26 characters of ``a-z2-7``, the same for http and https.

    It is the first 130 bits of the URL's SHA-256 in base32 (RFC 4648). The probability of a collision among 10¹²
    articles is below 1 in 10¹⁴.

    >>> article_id("https://example.com/1") == article_id("http://example.com/1")
    True
    """
    _, _, address = canonical.partition("://")
    return digest(address.encode())


def url_id(url: str) -> str:
    """Return the id of a URL, which is that of the article with its canonical URL.

    >>> url_id("https://example.com/1?utm_source=x") == article_id("https://example.com/1")
    True

    Args:
        url: An http or https URL, in any spelling.

    Raises:
        PermanentError: ``bad_url`` if it is not an http or https URL with a host.
    """
    return article_id(canonical_url(url))


def digest(data: bytes) -> str:
    """Return a digest of bytes: 130 bits of their SHA-256 as 26 characters of ``a-z2-7``."""
    return base64.b32encode(hashlib.sha256(data).digest()).decode("ascii").lower()[:26]


def host(url: str) -> str:
    """Return the host of a URL in lower case and ASCII, without the port; raises PermanentError as ``absolute_url``."""
    return _parse(url, None).hostname


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, to which one robots.txt applies.

    >>> origin("https://example.com:443/news/1")
    'https://example.com'

    Raises:
        PermanentError: ``bad_url`` if it is not an http or https URL with a host.
    """
    return _parse(url, None).origin


def _plain(parsed: can_ada.URL, *, unwrap: bool) -> str:
    """Return a URL, which is changed, after one step of canonicalisation."""
    if unwrap:
        parsed = _original(parsed)
    # Check before setting, which is slower: most links have none of these.
    if parsed.has_hash():
        parsed.hash = ""
    if parsed.has_credentials():
        parsed.username = parsed.password = ""
    hostname = parsed.hostname
    if (plain := _plain_host(hostname)) != hostname:
        parsed.hostname = plain
    _set_plain_path(parsed)
    if parsed.has_search():
        # The setter removes one question mark, and the query may begin with another.
        query = _plain_query(parsed.search[1:])
        parsed.search = f"?{query}" if query else ""
    return parsed.href


def _original(parsed: can_ada.URL) -> can_ada.URL:
    """Return the URL of the original of Google's AMP copy; any other URL, and a copy of a copy, unchanged."""
    inner = _in_copy(parsed)
    if inner is None:
        return parsed
    try:
        original = _parse(inner, None)
    except PermanentError:
        return parsed
    return parsed if _in_copy(original) else original


def _in_copy(parsed: can_ada.URL) -> str | None:
    """Return the URL inside that of an AMP copy: .../c/s/example.com/1, or .../amp/s/example.com/1."""
    hostname = parsed.hostname
    if hostname.endswith(_AMP_CACHE):
        match = _IN_AMP_CACHE.fullmatch(parsed.pathname)
    elif "google." in hostname and hostname.removeprefix("www.") in _AMP_VIEWERS:
        match = _IN_AMP_VIEWER.fullmatch(parsed.pathname)
    else:
        return None
    return f"http{match[1][0] if match[1] else ''}://{match[2]}{parsed.search}" if match else None


def _plain_host(hostname: str) -> str:
    """Return a host without a trailing dot, and without the label of AMP or mobile pages."""
    hostname = hostname.rstrip(".") or hostname
    while hostname.startswith(_VARIANT_HOSTS):
        rest = hostname.partition(".")[2]
        if is_public_suffix(rest):
            # The label is the name of the site, as in m.com.bd and amp.github.io.
            break
        hostname = rest
    return hostname


def _set_plain_path(parsed: can_ada.URL) -> None:
    path = parsed.pathname
    if (plain := _without_amp(_plain_path(path))) != path:
        parsed.pathname = plain


def _plain_path(path: str) -> str:
    if "%" in path:
        path = _ODD_OCTET.sub(_octet, path)
    path = _UNSAFE.sub(_encoded, path)
    if ";" in path or "(" in path:
        path = _SESSION_SEGMENT.sub("", _SESSION_OF_SEGMENT.sub("", path))
    return path


def _without_amp(path: str) -> str:
    if "amp" not in path:
        return path
    first = _AMP_FIRST.match(path)
    return _AMP_SUFFIX.sub("", _AMP_LAST.sub("", path[first.end() :] if first else path))


def _plain_query(query: str) -> str:
    if not query:
        return query
    if "%" in query:
        query = _ODD_OCTET.sub(_octet, query)
    query = _UNSAFE.sub(_encoded, query)
    parts = [
        _ESCAPED_AMPERSAND.sub("", part, 1) if _ESCAPED_AMPERSAND.match(part) else part for part in query.split("&")
    ]
    kept = [part for part in parts if part and not _is_irrelevant(part)]
    # By itself it may be the id of a story.
    if len(kept) > 1:
        kept = [part for part in kept if not _is_session(part)] or kept
    # The position of a parameter without a name may matter.
    if all("=" in part for part in kept):
        kept.sort(key=_name)
    return "&".join(kept)


def _is_irrelevant(parameter: str) -> bool:
    name = _name(parameter).lower()
    if name in _TRACKING_NAMES or name in _SESSION_NAMES or name.startswith(_TRACKING_PREFIXES):
        return True
    return parameter.lower() in _AMP_PARAMETERS


def _is_session(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return name.lower() in _SESSION_OR_STORY_NAMES and _SESSION_VALUE.fullmatch(value) is not None


def _name(parameter: str) -> str:
    return parameter.partition("=")[0]


def _encoded(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"


def _octet(match: re.Match[str]) -> str:
    octet = match[0]
    if octet == "%":
        return "%25"
    character = chr(int(octet[1:], 16))
    return character if character in _UNRESERVED else octet.upper()


def _parse(url: str, base: str | None) -> can_ada.URL:
    if base and len(base) > LONGEST_BASE:
        raise PermanentError("bad_url", f"the URL is relative to one of {len(base):,} characters; give a shorter one")
    if "#" in url:
        # Otherwise all that follows would be a fragment.
        url = _NUMBERED_AMPERSAND.sub("&", url)
    try:
        # The base of an absolute URL does not matter, and parsing it takes as long as parsing the URL.
        parsed = can_ada.parse(base) + url if base and not url.startswith(_SCHEMES) else can_ada.parse(url)
    # The library refuses half a surrogate pair with a TypeError.
    except (ValueError, TypeError):
        raise PermanentError("bad_url", f"{url!r} is not a URL; give one such as https://example.com/news/1") from None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        raise PermanentError("bad_url", f"{url!r} is not an http or https URL; only these are supported")
    name = parsed.hostname
    if len(name) > _LONGEST_LABEL or ".." in name or name.startswith("."):
        _check_host(name)
    return parsed


def _check_host(name: str) -> None:
    """Raise PermanentError ``bad_url`` if DNS does not allow such a host (RFC 1035, 2.3)."""
    labels = name.removesuffix(".").split(".")
    if "" in labels:
        wrong = "an empty label; a dot separates two labels"
    elif len(name.removesuffix(".")) > _LONGEST_HOST:
        wrong = f"{len(name)} characters; a host has {_LONGEST_HOST} at most"
    elif longest := max((len(label) for label in labels if len(label) > _LONGEST_LABEL), default=0):
        wrong = f"a label of {longest} characters; a label has {_LONGEST_LABEL} at most"
    else:
        return
    raise PermanentError("bad_url", f"the host {name[:_LONGEST_LABEL]}... has {wrong}")
