"""Who may state what: facts about a URL are believed from its owner alone.

A host owns the URLs of its site, which is its registrable domain. A source may name hosts of several sites as its own
in its file (``hosts``): then each of them owns the URLs of all of them. What a fact is about is taken by its canonical
URL, as that is what it is kept under. The host that states it is the one that answered.

- Canonical link, ``og:url``, URL in JSON-LD: believed of URLs that the host of the page owns.
- AMP: a link to a viewer's or a cache's copy is one to the page that it shows. What such a copy's URL answers says
  nothing of that page: no listing may name it, and it makes nothing gone.
- Entry of a feed, a sitemap, a section page: believed of URLs on the source's hosts. A further listing or a next page
  may also be on the host of the listing, unless another source has it.
- Known already: what another source knows of a URL does not keep the one that publishes it, by the registry, from
  fetching it.
- Moved for good: believed of URLs that the URL's own host owns, where no redirect left its site, and which no other
  source has. Else it is followed each time, as a redirect for now is: the page is that of the URL that answers.
- Gone: believed of the article of a URL that the host that answers owns. Where a URL of another site led to it, only
  410 from the article's own URL counts.
- Modified date, rights, text: those of the page and of the answer that brought it, for that page's article alone.

Who may not state a fact changes nothing by stating it. The claim is logged and counted.
"""

from collections.abc import Collection

from khobor.errors import PermanentError
from khobor.site import is_same_site, is_within
from khobor.url import canonical_url


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
