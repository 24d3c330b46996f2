import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor import url
from khobor.errors import PermanentError


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTP://Example.COM:80/A", "http://example.com/A"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=y", "https://example.com/a?id=7"),
        ("https://example.com/a??", "https://example.com/a??"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ("https://example.com/খবর", "https://example.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("  https://example.com/a\n", "https://example.com/a"),
    ],
)
def test_canonical_url(given_url: str, canonical: str) -> None:
    assert url.canonical_url(given_url) == canonical


@pytest.mark.parametrize(
    "text", ["", "nonsense", "ftp://example.com/", "javascript:alert(1)", "https://", "//example.com"]
)
def test_what_is_no_url_is_said_to_be_none(text: str) -> None:
    with pytest.raises(PermanentError, match="bad_url"):
        url.canonical_url(text)


@given(st.from_regex(r"https?://[a-z]{1,10}\.example/[a-z0-9/?=&%]{0,30}", fullmatch=True))
def test_canonical_url_of_a_canonical_url_is_itself(text: str) -> None:
    canonical = url.canonical_url(text)
    assert url.canonical_url(canonical) == canonical


def test_article_id_is_the_same_over_http_and_https_and_safe_in_a_key() -> None:
    one, other = url.article_id("https://example.com/খবর?x=1"), url.article_id("http://example.com/খবর?x=1")
    assert one == other
    assert one.isascii()
    assert one.isalnum()
    assert one != url.article_id("https://example.com/খবর?x=2")


def test_relative_references_are_resolved() -> None:
    assert url.absolute_url("../b?x", "https://example.com/a/c/d") == "https://example.com/a/b?x"
    assert url.host("https://WWW.Example.com:8080/") == "www.example.com"
