"""Who may state what: facts about a URL are believed from its owner alone.

A host owns the URLs of its site, which is its registrable domain by the public suffix list. A source may name hosts of
several sites as its own in its file (``hosts``): then each of them owns the URLs of all of them. The URL that a fact is
about is compared in its canonical form, under which the fact is kept. The host that states it is the one that answered.

``RULES`` says it fact by fact. SECURITY.md shows the same table, with the tests of each row. A claim that is refused
changes nothing. It is logged under both URLs, so that ``khobor trace`` shows it, and counted as ``ClaimsRefused``.
"""

from collections.abc import Collection
from typing import NamedTuple

from khobor.errors import PermanentError
from khobor.site import is_same_site, is_within
from khobor.url import canonical_url


class Rule(NamedTuple):
    """Whom to believe one kind of fact.

    Attributes:
        fact: What is stated.
        believed: About which URLs it is believed, and from which host.
        otherwise: What happens where it is not.
    """

    fact: str
    believed: str
    otherwise: str


RULES = (
    Rule(
        "canonical link, `og:url`, URL in JSON-LD",
        "about URLs that the host of the page owns",
        "the page keeps the URL that answered; the claim stays in the article's evidence as refused",
    ),
    Rule(
        "copy of a page in an AMP viewer or cache",
        "never: a link to a copy is a link to the page that it shows, but the copy's answer is not its owner's",
        "the copy is a page of the viewer's host; no listing may name it, and it makes nothing gone",
    ),
    Rule(
        "entry of a feed, a sitemap, a section page; related link",
        "about URLs on the hosts of its source",
        "the URL is neither fetched nor known, and is counted as refused",
    ),
    Rule(
        "further listing, next page",
        "about URLs on the hosts of its source, or on the listing's own host unless another source has the URL",
        "it is not read",
    ),
    Rule(
        "known already",
        "from any source, but for the URLs that another source publishes",
        "that source fetches its URL, and takes over what is known of it",
    ),
    Rule(
        "redirect for now, by status or by the page",
        "from any host: it leads there, and the page is that of the host that answers",
        "nothing of the other host's schedule changes",
    ),
    Rule(
        "moved for good",
        "about URLs that the URL's own host owns, where no redirect left its site and no other source has them",
        "it is followed each time, as a redirect for now",
    ),
    Rule(
        "gone",
        "about the article of a URL that the host that answers owns; where another site led there, by 410 alone",
        "the URL that was asked for is gone, and no article",
    ),
    Rule(
        "text, modified date, rights",
        "about the article of the page that states them, or whose answer does",
        "there is no other place to state them",
    ),
)


def owns(stating: str, about: str, hosts: Collection[str] = ()) -> bool:
    """Whether the host of one URL may state facts about another URL.

    >>> owns("https://daily.example/feed", "https://www.daily.example/1")
    True
    >>> owns("https://www.google.com/amp/s/daily.example/1", "https://www.google.com/amp/s/daily.example/1")
    False

    Args:
        stating: The URL that answered.
        about: The URL that the fact is about, in any spelling.
        hosts: Those of the source of the URL that answered.
    """
    try:
        identity = canonical_url(about)
    except PermanentError:
        return False
    return is_same_site(stating, identity) or (is_within(stating, hosts) and is_within(identity, hosts))
