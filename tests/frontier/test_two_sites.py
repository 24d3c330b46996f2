"""No sequence of answers by one site changes what is stored of another site's articles.

Random chains of answers of two sites go through discover, fetch, parse, store and announce. Two chains run with the
other slow tests, eight with ``--thorough``, a thousand by ``make chains``.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from tests.conftest import PARAMETERS
from tests.event_subscriber import Subscriber
from tests.frontier.two_sites import ARTICLES, EVIL, LISTINGS, POISON, VICTIM, TwoSites, html, is_of, names_lead_here
from werkzeug import Response

from khobor.embedded.stack import EmbeddedStack
from khobor.entry_facts import read_facts
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.frontier.interface import KnownUrl
from khobor.sources.registry import bundled_sources
from khobor.url import canonical_url, url_id

SOURCE = """
version = 1
publisher = "The {name} Daily"
hosts = ["{name}.example"]
enabled = true
article_url = '^/news/'
[discovery]
interval_minutes = 5
feeds = ["{site}/feed"]
sitemaps = ["{site}/sitemap.xml"]
related = true
[fetching]
delay_seconds = 0
"""
# So long an answer of 500 or 503 is waited for between two rounds; their hosts are left alone for longer at times.
PATIENCE_SECONDS = 1200
ROUND = timedelta(hours=3)

Act = Callable[[TwoSites], None]

# How a site may name a URL of the other one, or of its own.
SPELLINGS = (
    "{victim}{path}",
    "{victim}{path}?utm_source=evil",
    "http://VICTIM.example:{port}{path}#top",
    "http://victim.example.:{port}{path}",
    "http://m.victim.example:{port}{path}",
    "http://evil.example:{port}\\@victim.example:{port}{path}",
    "https://www.google.com/amp/victim.example:{port}{path}",
    "https://victim-example.cdn.ampproject.org/c/victim.example:{port}{path}",
    "https://google.evil.example/amp/victim.example:{port}{path}",
    "{evil}{path}",
    "{evil}/amp/{path}",
    # The victim's own page redirects to any target that is set.
    "{victim}/go",
)
PATHS = st.sampled_from(ARTICLES)
TARGETS = st.tuples(st.sampled_from(SPELLINGS), st.sampled_from((*ARTICLES, *LISTINGS)))
ANY_PATH = st.sampled_from((*ARTICLES, *ARTICLES, *LISTINGS, "/robots.txt"))


def spelled(sites: TwoSites, target: tuple[str, str]) -> str:
    spelling, path = target
    evil, victim = sites.url(EVIL, ""), sites.url(VICTIM, "")
    return spelling.format(evil=evil, victim=victim, path=path, port=evil.rpartition(":")[2])


def redirect(path: str, target: tuple[str, str], status: int, sites: TwoSites) -> None:
    sites.set(EVIL, path, Response(status=status, headers={"Location": spelled(sites, target)}))


def refresh(path: str, target: tuple[str, str], sites: TwoSites) -> None:
    head = f'<meta http-equiv="refresh" content="0; url={spelled(sites, target)}">'
    sites.set(EVIL, path, html(f"{POISON} leads on", head=head))


def claim(path: str, target: tuple[str, str], how: str, sites: TwoSites) -> None:
    url = spelled(sites, target)
    heads = {
        "link": f'<link rel="canonical" href="{url}">',
        "amp": f'<link rel="amphtml" href="{url}"><link rel="canonical" href="{url}">',
        "og:url": f'<meta property="og:url" content="{url}">',
        "base": f'<base href="{url}"><link rel="canonical" href="{url}">',
        "json-ld": f'<script type="application/ld+json">{{"@type":"NewsArticle","url":"{url}"}}</script>',
    }
    head = "".join(heads.values()) if how == "all" else heads[how]
    links = f'<p><a href="{url}">{POISON} is related to this</a></p>'
    sites.set(EVIL, path, html(f"{POISON} claims", head=head, article=links, etag="evil"))


def answer(path: str, status: int, sites: TwoSites) -> None:
    sites.set(EVIL, path, Response(status=status))


def enlist(targets: list[tuple[str, str]], path: str, sites: TwoSites) -> None:
    urls = [spelled(sites, target) for target in targets]
    more = "".join(f'<atom:link rel="next" href="{url}"/>' for url in urls[:1])
    sites.list(EVIL, urls, path, more)


def index(targets: list[tuple[str, str]], sites: TwoSites) -> None:
    urls = "".join(f"<sitemap><loc>{spelled(sites, target)}</loc></sitemap>" for target in targets)
    sites.set(EVIL, "/sitemap.xml", Response(f"<sitemapindex>{urls}</sitemapindex>", content_type="text/xml"))


def publish(path: str, version: int, sites: TwoSites) -> None:
    if path not in sites.denied:
        sites.publish(path, version)


def withdraw(path: str, status: int, sites: TwoSites) -> None:
    sites.withdraw(path, status)


EVIL_ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(partial, st.just(redirect), ANY_PATH, TARGETS, st.sampled_from((301, 302, 303, 307, 308))),
    st.builds(partial, st.just(refresh), PATHS, TARGETS),
    st.builds(
        partial,
        st.just(claim),
        PATHS,
        TARGETS,
        st.sampled_from(("link", "amp", "og:url", "base", "json-ld", "all")),
    ),
    st.builds(partial, st.just(answer), ANY_PATH, st.sampled_from((403, 404, 410, 410, 500))),
    st.builds(partial, st.just(enlist), st.lists(TARGETS, max_size=4), st.sampled_from(LISTINGS)),
    st.builds(partial, st.just(index), st.lists(TARGETS, max_size=2)),
)
VICTIM_ACTS: st.SearchStrategy[Act] = st.one_of(
    st.builds(partial, st.just(publish), PATHS, st.integers(2, 4)),
    st.builds(partial, st.just(withdraw), st.sampled_from(ARTICLES[:2]), st.sampled_from((301, 404, 410))),
)
CHAINS = st.lists(
    st.tuples(st.lists(EVIL_ACTS, min_size=1, max_size=4), st.lists(VICTIM_ACTS, max_size=1)), min_size=1, max_size=4
)


class ArchivedSites:
    """A stack that archives both sites, and what it announces."""

    def __init__(self, stack: EmbeddedStack, sites: TwoSites, clock: time_machine.Traveller) -> None:
        self._stack = stack
        self._sites = sites
        self._clock = clock
        self._urls = DynamoDBKnownUrls(stack.dynamodb, stack.outputs["CrawlTableName"], 400)
        self._subscriber = Subscriber(stack)
        # Nobody else's site is asked.
        kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
        stack.upload("sources/kalbela.toml", kalbela.encode())
        for name in ("evil", "victim"):
            site = sites.url(f"{name}.example", "")
            stack.upload(f"sources/{name}.toml", SOURCE.format(name=name, site=site).encode())

    def pass_time(self) -> None:
        self._stack.tick(datetime.now(UTC))
        self._stack.run(PATIENCE_SECONDS)
        self._clock.shift(ROUND)

    def check(self) -> None:
        """Compare everything stored, known and announced about the victim with what the victim served."""
        self._check_articles()
        self._check_known()
        self._check_events()

    def check_all_there(self) -> None:
        """Show that all that the victim publishes is stored and looked at again."""
        for path in set(ARTICLES) - self._sites.denied:
            url = self._sites.url(VICTIM, path)
            article = self._stack.archive.get(url_id(url))
            assert article is not None, path
            known = self._urls.get(url)
            assert known is not None
            assert known.next_visit is not None, path

    def _check_articles(self) -> None:
        for article in self._stack.articles():
            if not is_of(article.canonical_url, VICTIM):
                continue
            path = self._path(article.canonical_url or "")
            assert article.source == "victim"
            assert article.title in self._sites.titles[path]
            revisions = self._stack.archive.revisions(article.article_id)
            assert POISON not in f"{article}{revisions}"
            if self._stack.archive.gone_at(article.article_id):
                assert path in self._sites.denied

    def _check_known(self) -> None:
        for known in self._known():
            assert (known.source == "victim") == is_of(known.url, VICTIM), known
            if not is_of(known.url, VICTIM):
                continue
            path = self._path(known.url)
            assert known.kind == {"/feed": "feed", "/sitemap.xml": "sitemap"}.get(path, "article")
            assert path in {*ARTICLES, *LISTINGS}
            assert is_of(known.answered_by or known.url, VICTIM), known
            assert known.etag is None or known.etag.startswith('"victim'), known
            assert POISON not in str(read_facts(known.entry)), known
            if path in ARTICLES and path not in self._sites.denied:
                assert known.next_visit is not None, known
                assert known.gone_at is None, known

    def _check_events(self) -> None:
        victims = {url_id(self._sites.url(VICTIM, path)): path for path in ARTICLES}
        for event in self._subscriber.take():
            path = victims.get(event["detail"]["article_id"])
            if path is None:
                assert not is_of(event["detail"].get("canonical_url"), VICTIM)
                continue
            assert POISON not in str(event)
            assert event["detail-type"] != "ArticleGone" or path in self._sites.denied

    def _known(self) -> Sequence[KnownUrl]:
        items = self._stack.dynamodb.scan(TableName=self._stack.outputs["CrawlTableName"])["Items"]
        found = [self._urls.get(item["url"]["S"]) for item in items if item["pk"]["S"].startswith("url#")]
        return [known for known in found if known]

    def _path(self, url: str) -> str:
        return canonical_url(url).removeprefix(self._sites.url(VICTIM, ""))


@pytest.fixture
def run(httpserver: HTTPServer, clock: time_machine.Traveller) -> Callable[[Any], None]:
    def run_chain(chain: list[tuple[list[Act], list[Act]]]) -> None:
        httpserver.clear_all_handlers()
        sites = TwoSites(httpserver)
        with names_lead_here(), EmbeddedStack(PARAMETERS, sleep=clock.shift) as stack:
            archive = ArchivedSites(stack, sites, clock)
            for by_evil, by_victim in chain:
                for act in (*by_evil, *by_victim):
                    act(sites)
                archive.pass_time()
                archive.check()
            archive.pass_time()
            archive.check()
            archive.check_all_there()

    return run_chain


@pytest.mark.slow
def test_no_chain_of_answers_of_one_site_changes_what_is_kept_of_another(
    run: Callable[[Any], None], examples: Callable[[int], int], pytestconfig: pytest.Config
) -> None:
    chains, number = pytestconfig.getoption("--chains") or examples(8), pytestconfig.getoption("--seed")
    # A chain is short enough to be read as it is; looking for a shorter one takes minutes.
    options = settings(
        max_examples=chains,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(options(given(CHAINS)(run)))()


@pytest.mark.slow
def test_both_sites_are_archived(httpserver: HTTPServer, clock: time_machine.Traveller) -> None:
    sites = TwoSites(httpserver)
    with names_lead_here(), EmbeddedStack(PARAMETERS, sleep=clock.shift) as stack:
        ArchivedSites(stack, sites, clock).pass_time()
        assert sorted(article.source or "" for article in stack.articles()) == ["evil"] * 3 + ["victim"] * 3
