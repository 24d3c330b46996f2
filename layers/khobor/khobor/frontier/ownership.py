"""Which host may state facts about which URL: only its owner is believed.

A host owns the URLs of its site, which is its registrable domain by the public suffix list. A source may list hosts of
several sites as its own (``hosts``); each of them then owns the URLs of all of them. The URL that a fact is about is
compared in its canonical form, under which the fact is stored. The host that states a fact is the host that answered.

``RULES`` lists the rule for each fact. SECURITY.md shows the same table, with the tests of each row. A claim that is
refused changes nothing. It is logged under both URLs, so that ``khobor trace`` shows it, and counted as
``ClaimsRefused``.
"""

from collections.abc import Collection
from typing import NamedTuple

from khobor.errors import PermanentError
from khobor.site import is_same_site, is_within
from khobor.url import canonical_url


class Rule(NamedTuple):
    """The rule for one kind of fact.

    Attributes:
        fact: The kind of fact.
        condition: About which URLs, and from which host, it is believed.
        otherwise: What happens if it is not believed.
    """

    fact: str
    condition: str
    otherwise: str


RULES = (
    Rule(
        "canonical link, `og:url`, URL in JSON-LD",
        "about URLs that the host of the page owns",
        "the article keeps the URL that answered; its evidence has the claim as refused",
    ),
    Rule(
        "copy of a page in an AMP viewer or cache",
        "never: a link to a copy counts as a link to the original, but the viewer's response is not its owner's",
        "the copy is a page of the viewer's host; listings cannot add it, and it cannot mark an article as gone",
    ),
    Rule(
        "entry of a feed, a sitemap, a section page; related link",
        "about URLs on the hosts of its source",
        "the URL is neither fetched nor stored, and is counted as refused",
    ),
    Rule(
        "facts of an entry: title, dates, authors, categories, summary, image",
        "about the article of a URL that the host of the feed or sitemap owns, if a host of its owner answers",
        "the page is stored without them; the log of the listing counts it as `foreign_facts`",
    ),
    Rule(
        "which images are of a site: those of its home page, of a section page, of a feed",
        "about the articles of its source, if the host that answers owns the source's own host",
        "they may lead an article, as any other image that its page declares",
    ),
    Rule(
        "further listing, next page",
        "about URLs on the hosts of its source, or on the listing's own host unless the URL belongs to another source",
        "it is not read",
    ),
    Rule(
        "a URL is known already",
        "from any source, except about URLs that another source publishes",
        "that source fetches its URL, and its facts replace those of the first source",
    ),
    Rule(
        "temporary redirect, by status, or by the page without a canonical link that agrees",
        "from any host: it is followed, and the page belongs to the host that answers",
        "the schedule of the other host's URL does not change",
    ),
    Rule(
        "permanent redirect",
        "about URLs that the URL's own host owns, if no redirect left the site, no other source has the target, and the"
        " target is no listing",
        "it is followed each time, as a temporary redirect",
    ),
    Rule(
        "an article has moved: a redirect, or a canonical link to another URL of the site",
        "if both pages have most of their texts, or headline and minute of publication, in common",
        "both are articles of their own",
    ),
    Rule(
        "gone",
        "about the article of a URL that the answering host owns; after a redirect from another site, only by 410",
        "the URL that was requested is gone, but no article",
    ),
    Rule(
        "text, modified date, rights",
        "about the article of the page, if the page or its response states them",
        "no other page can state them",
    ),
)


def owns(answering_url: str, url: str, hosts: Collection[str] = ()) -> bool:
    """Whether the host of one URL owns another URL, and so may state facts about it.

    >>> owns("https://daily.example/feed", "https://www.daily.example/1")
    True
    >>> owns("https://www.google.com/amp/s/daily.example/1", "https://www.google.com/amp/s/daily.example/1")
    False

    Args:
        answering_url: The URL that answered.
        url: The URL that the fact is about, in any spelling.
        hosts: The hosts of the source of the URL that answered.
    """
    try:
        canonical = canonical_url(url)
    except PermanentError:
        return False
    return is_same_site(answering_url, canonical) or (is_within(answering_url, hosts) and is_within(canonical, hosts))
