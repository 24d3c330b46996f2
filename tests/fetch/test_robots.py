from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.content.media_types import ROBOTS
from khobor.errors import GoneError, KhoborError, PermanentError, RetryableError
from khobor.fetch.robots import GIVEN_UP_AFTER, LIFETIME, MAX_CRAWL_DELAY, RETRY, RobotsTxt

NOW = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://news.example"


def rules(text: str | bytes) -> RobotsTxt:
    return RobotsTxt.of_body(text if isinstance(text, bytes) else text.encode(), NOW)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        # The longest match decides, and for the same length allow (RFC 9309, 2.2.2).
        ("User-agent: *\nDisallow: /a/\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        # A group of its own comes before the one for all, and several of its groups are one (2.2.1).
        ("User-agent: *\nDisallow: /\n\nUser-agent: khobor\nAllow: /", "/a", True),
        ("User-agent: KHOBOR\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: khobor\nDisallow: /a\n\nUser-agent: khobor\nDisallow: /b", "/a", False),
        ("User-agent: khobor\nDisallow: /a\n\nUser-agent: khobor\nDisallow: /b", "/b", False),
        ("User-agent: other\nUser-agent: khobor\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        # Owners copy agents from their logs; the product token is compared whole.
        ("User-agent: khobor/0.1.0\nDisallow: /", "/a", False),
        ("User-agent: khobor/0.1.0 (+https://example.org/bot)\nDisallow: /", "/a", False),
        ("User-agent: Khobor bot\nDisallow: /", "/a", False),
        ("User-agent: Mozilla/5.0 (compatible; khobor/0.1.0)\nDisallow: /", "/a", False),
        ("User-agent: khobor*\nDisallow: /", "/a", False),
        ("User-agent khobor\nDisallow: /", "/a", False),
        ("useragent: khobor # ours\nDisallow: /", "/a", False),
        ("User-agent: kho\nDisallow: /", "/a", True),
        ("User-agent: k\nDisallow: /", "/a", True),
        ("User-agent: khobor2\nDisallow: /", "/a", True),
        ("User-agent: khobor-images\nDisallow: /", "/a", True),
        ("User-agent: notkhobor\nDisallow: /", "/a", True),
        ("User-agent: খবরkhobor\nDisallow: /", "/a", False),
        ("User-agent: *bot\nDisallow: /", "/a", True),
        ("User-agent: * # all\nDisallow: /", "/a", False),
        ("User-agent: khobor/0.1.0\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
        # A line that is not a rule does not end the lines that begin a group (2.2.4).
        ("User-agent: other\nComment: soon\nUser-agent: khobor\nDisallow: /", "/a", False),
        ("User-agent: khobor\nNoindex: /x\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: khobor\nSitemap: https://news.example/a.xml\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: khobor\nwelcome\n\nUser-agent: other\nDisallow: /", "/a", False),
        ("User-agent: khobor\nDisallow: /b\nComment: x\nUser-agent: other\nDisallow: /", "/a", True),
        ("User-agent: khobor\nCrawl-delay: 1\nUser-agent: other\nDisallow: /", "/a", True),
        # Wildcards and ends (2.2.3), escapes and other scripts (2.2.2).
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x=1", True),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /খবর", "/%E0%A6%96%E0%A6%AC%E0%A6%B0/1", False),
        ("User-agent: *\nDisallow: /%E0%A6%96", "/খবর", False),
        ("User-agent: *\nDisallow: /a # not for you", "/a", False),
        ("user-agent:*\r\ndisallow:/a\r\n", "/a", False),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("<!DOCTYPE html><title>Not found</title>", "/a", True),
    ],
)
def test_the_rules_are_those_of_the_rfc(text: str, path: str, allowed: bool) -> None:
    verdict = rules(text).verdict(SITE + path)
    assert verdict.allowed == allowed
    assert verdict.robots_txt == ("allowed" if allowed else None)
    assert verdict.is_final


def test_bytes_that_are_no_utf_8_spoil_only_their_own_line() -> None:
    robots_txt = rules(b"User-agent: *\nDisallow: /\xff\xfe\nDisallow: /b")
    assert not robots_txt.verdict(f"{SITE}/b").allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10", 10),
        ("User-agent: *\nCrawl-delay: 0.5", 0.5),
        ("User-agent: *\nCrawl-delay: 3\n\nUser-agent: khobor\nCrawl-delay: 7", 7),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: 1000000000", MAX_CRAWL_DELAY),
        ("User-agent: *\nDisallow: /a", None),
    ],
)
def test_the_delay_that_a_host_asks_for_is_told(text: str, delay: float | None) -> None:
    assert rules(text).verdict(f"{SITE}/b").crawl_delay == delay


def test_sitemaps_are_told_wherever_they_stand() -> None:
    text = f"Sitemap: {SITE}/a.xml\nUser-agent: other\nDisallow: /\nSitemap: {SITE}/b.xml.gz"
    assert rules(text).sitemaps == (f"{SITE}/a.xml", f"{SITE}/b.xml.gz")


def test_what_is_cut_off_at_the_limit_does_not_forbid_more_than_it_said() -> None:
    assert ROBOTS.enough_bytes == 500 * 1024
    lines = b"User-agent: *\n" + b"Disallow: /private/\n" * 30_000
    cut = lines[: ROBOTS.enough_bytes]
    cut = cut[: cut.rindex(b"/private") + 1].rjust(ROBOTS.enough_bytes, b"\n")
    assert cut.endswith(b"\nDisallow: /")
    assert rules(cut).verdict(f"{SITE}/a").allowed
    assert not rules(cut).verdict(f"{SITE}/private/a").allowed


@pytest.mark.parametrize("reason", ["http_400", "http_401", "http_403", "http_451", "http_204", "too_many_redirects"])
def test_where_there_is_no_robots_txt_everything_is_allowed(reason: str) -> None:
    robots_txt = RobotsTxt.of_failure(PermanentError(reason, "x"), None, NOW)
    verdict = robots_txt.verdict(f"{SITE}/a")
    assert (verdict.allowed, verdict.robots_txt, verdict.crawl_delay) == (True, "none", None)
    assert robots_txt.sitemaps == ()
    assert robots_txt.expires_at == NOW + LIFETIME
    assert RobotsTxt.of_failure(GoneError("http_404", "x"), rules("User-agent: *\nDisallow: /"), NOW) == robots_txt


UNREACHABLE = [
    RetryableError("http_503", "x"), RetryableError("http_429", "x"), RetryableError("timeout", "x"),
    PermanentError("unknown_host", "x"), PermanentError("tls_certificate", "x"),
    PermanentError("forbidden_address", "x"),
]  # fmt: skip


@pytest.mark.parametrize("error", UNREACHABLE, ids=lambda error: error.reason)
def test_where_robots_txt_cannot_be_had_everything_is_forbidden_for_now(error: KhoborError) -> None:
    verdict = RobotsTxt.of_failure(error, None, NOW).verdict(f"{SITE}/a")
    assert (verdict.allowed, verdict.robots_txt, verdict.is_final) == (False, None, False)


def test_an_unreachable_robots_txt_is_asked_for_again_soon_but_not_before_its_host_wants() -> None:
    assert RobotsTxt.of_failure(RetryableError("timeout", "x"), None, NOW).expires_at == NOW + RETRY
    busy = RetryableError("http_503", "x", retry_after=7200.0)
    assert RobotsTxt.of_failure(busy, None, NOW).expires_at == NOW + timedelta(hours=2)


def test_a_copy_is_used_on_while_robots_txt_cannot_be_had() -> None:
    known = rules("User-agent: *\nDisallow: /a")
    for days in (1, 40):
        known = RobotsTxt.of_failure(RetryableError("timeout", "x"), known, NOW + timedelta(days=days))
        assert not known.verdict(f"{SITE}/a").allowed
        assert known.verdict(f"{SITE}/b").allowed
    assert known.unreachable_since == NOW + timedelta(days=1)


def test_without_a_copy_everything_is_forbidden_for_thirty_days_and_then_nothing() -> None:
    error = RetryableError("http_500", "x")
    known = RobotsTxt.of_failure(error, None, NOW)
    known = RobotsTxt.of_failure(error, known, NOW + GIVEN_UP_AFTER - timedelta(seconds=1))
    assert not known.verdict(f"{SITE}/a").allowed
    for days in (30, 31):
        known = RobotsTxt.of_failure(error, known, NOW + timedelta(days=days))
        assert known.verdict(f"{SITE}/a").allowed


def test_that_there_was_no_robots_txt_is_no_copy() -> None:
    known = RobotsTxt.of_failure(GoneError("http_404", "x"), None, NOW)
    assert not RobotsTxt.of_failure(RetryableError("timeout", "x"), known, NOW).verdict(f"{SITE}/a").allowed


@pytest.mark.parametrize(
    "robots_txt",
    [
        rules("User-agent: *\nDisallow: /খবর"),
        RobotsTxt.of_failure(RetryableError("timeout", "x"), rules("User-agent: *\nDisallow: /a"), NOW),
        RobotsTxt.of_failure(GoneError("http_404", "x"), None, NOW),
    ],
)
def test_what_is_stored_comes_back(robots_txt: RobotsTxt) -> None:
    robots_txt.verdict(f"{SITE}/a")
    assert RobotsTxt.from_bytes(robots_txt.to_bytes()) == robots_txt


@given(st.binary())
def test_what_was_not_stored_by_this_version_is_nothing(data: bytes) -> None:
    assert RobotsTxt.from_bytes(data) is None


LINES = st.lists(
    st.tuples(
        st.sampled_from(["User-agent: ", "Disallow: ", "Allow: ", "Crawl-delay: ", "Sitemap: ", "Request-rate: ", ""]),
        st.text() | st.sampled_from(["*", "/", "khobor", "/*$", "%", "%zz", "1/5"]),
    ).map("".join)
)


@given(body=st.binary() | LINES.map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")), path=st.text())
def test_no_robots_txt_makes_asking_fail(body: bytes, path: str) -> None:
    robots_txt = rules(body)
    verdict = robots_txt.verdict(f"{SITE}/{path}")
    assert verdict.crawl_delay is None or 0 <= verdict.crawl_delay <= MAX_CRAWL_DELAY
    assert all(isinstance(url, str) for url in robots_txt.sitemaps)
