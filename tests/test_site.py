"""Which hosts are one site."""

import pytest

from khobor.frontier.ownership import owns
from khobor.site import is_loopback, is_same_site, is_within, site_of

SITES = {
    "below a country's suffix": ("www.news.example.co.uk", "example.co.uk"),
    "Bangladesh, where all second labels are suffixes": ("www.prothomalo.com.bd", "prothomalo.com.bd"),
    "a suffix itself": ("com.bd", "com.bd"),
    "a blog": ("someone.blogspot.com", "someone.blogspot.com"),
    "below a blog": ("m.someone.blogspot.com", "someone.blogspot.com"),
    "pages of an account": ("someone.github.io", "someone.github.io"),
    "the platform itself": ("github.io", "github.io"),
    "a Bengali domain": ("খবর.উদাহরণ.বাংলা", "উদাহরণ.বাংলা"),
    "the same in ASCII": ("xn--q5b8bm.xn--d5b6ci4b4b3a.xn--54b7fta0cc", "xn--d5b6ci4b4b3a.xn--54b7fta0cc"),
    "a Chinese suffix of two labels": ("www.例子.公司.cn", "例子.公司.cn"),
    "an IPv4 address": ("203.0.113.7", "203.0.113.7"),
    "an IPv6 address": ("[2001:db8::1]", "[2001:db8::1]"),
    "a dot at the end": ("www.example.co.uk.", "example.co.uk"),
    "upper case": ("WWW.Example.CO.UK", "example.co.uk"),
    "localhost": ("localhost", "localhost"),
    "below localhost": ("archive.localhost", "archive.localhost"),
    "an unknown suffix": ("a.b.daily.example", "daily.example"),
    "one label": ("intranet", "intranet"),
    "an exception to a wildcard": ("www.city.kawasaki.jp", "city.kawasaki.jp"),
    "below a wildcard": ("a.b.c.kawasaki.jp", "b.c.kawasaki.jp"),
}


@pytest.mark.parametrize("name", SITES)
def test_a_host_belongs_to_its_registrable_domain(name: str) -> None:
    host, site = SITES[name]
    assert site_of(host) == site


ONE_SITE = {
    "host above": ("https://bangla.example.com/1", "https://example.com/"),
    "hosts beside each other": ("https://bangla.example.com/1", "https://www.example.com/"),
    "another port": ("https://example.com:8443/1", "https://example.com/"),
    "plain HTTP": ("http://example.com/1", "https://example.com/"),
    "upper case": ("https://EXAMPLE.com/1", "https://www.example.COM/"),
    "a dot at the end": ("https://example.com./1", "https://www.example.com/"),
    "Unicode and ASCII": ("https://উদাহরণ.বাংলা/1", "https://www.xn--d5b6ci4b4b3a.xn--54b7fta0cc/"),
    "another spelling of an IPv4 address": ("http://203.0.113.7/", "http://0xcb.0.0x7107/"),
    "an IPv6 address": ("http://[2001:db8::1]/1", "http://[2001:DB8:0::1]/"),
    "localhost": ("http://localhost:8000/1", "http://localhost/"),
    "one label": ("http://intranet/1", "http://intranet/2"),
}
TWO_SITES = {
    "below one suffix": ("https://one.co.uk/", "https://other.co.uk/"),
    "below com.bd": ("https://one.com.bd/", "https://other.com.bd/"),
    "a site and its suffix": ("https://one.com.bd/", "https://com.bd/"),
    "two blogs": ("https://one.blogspot.com/", "https://other.blogspot.com/"),
    "an account and its platform": ("https://one.github.io/", "https://github.io/"),
    "two accounts that look like variants": ("https://m.github.io/1", "https://mobile.github.io/1"),
    "two Bengali domains": ("https://খবর.বাংলা/", "https://উদাহরণ.বাংলা/"),
    "addresses that share digits": ("http://203.0.113.7/", "http://203.1.113.7/"),
    "IPv6 addresses": ("http://[2001:db8::1]/", "http://[2001:db8::2]/"),
    "a name that ends alike": ("https://evilexample.com/", "https://example.com/"),
    "a name that begins alike": ("https://example.com.evil.net/", "https://example.com/"),
    "a user that looks like a host": ("https://example.com@evil.net/", "https://example.com/"),
    "a backslash": ("https://evil.net\\@example.com/", "https://example.com/"),
    "localhost and what begins like it": ("http://localhost/", "http://localhost.evil.net/"),
    "two names of one label": ("http://intranet/", "http://extranet/"),
    "letters of two scripts that look alike": ("https://еxample.com/", "https://example.com/"),
    "no URL": ("example", "example"),
}


@pytest.mark.parametrize("name", ONE_SITE)
def test_hosts_of_one_domain_are_one_site_and_own_its_urls(name: str) -> None:
    one, other = ONE_SITE[name]
    assert is_same_site(one, other)
    assert owns(one, other)
    assert owns(other, one)


@pytest.mark.parametrize("name", TWO_SITES)
def test_hosts_of_two_domains_are_two_sites_and_own_nothing_of_each_other(name: str) -> None:
    one, other = TWO_SITES[name]
    assert not is_same_site(one, other)
    assert not owns(one, other)
    assert not owns(other, one)


NAMED = ("daily.example", "weekly.example/news")


@pytest.mark.parametrize(
    ("stating", "about", "is_owner"),
    [
        ("https://daily.example/1", "https://weekly.example/news/1", True),
        ("https://www.weekly.example/news", "https://m.daily.example/1", True),
        ("https://daily.example./1", "https://WEEKLY.example/news/1", True),
        ("https://daily.example/1", "https://weekly.example/sport/1", False),
        ("https://daily.example/1", "https://weekly.example/news/../sport/1", False),
        ("https://daily.example/1", "https://weekly.example/newsroom/1", False),
        ("https://evil.example/1", "https://daily.example/1", False),
        ("https://daily.example/1", "https://evil.example\\@weekly.example/news/1", False),
        ("https://daily.example/1", "https://www.google.com/amp/s/evil.example/1", False),
        ("https://daily.example/1", "javascript:alert(1)", False),
    ],
)
def test_a_source_owns_the_urls_of_all_hosts_that_its_file_names(stating: str, about: str, is_owner: bool) -> None:
    assert owns(stating, about, NAMED) is is_owner


@pytest.mark.parametrize("url", ["https://daily.example\\@evil.example/1", "https://[", "mailto:a@daily.example", ""])
def test_a_url_that_only_looks_like_one_of_a_source_s_hosts_is_not(url: str) -> None:
    assert is_within(url, ("daily.example",)) is url.startswith("https://daily.example\\")
    assert not is_within(url, ("evil.example",))


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://127.0.0.1:8000/", True),
        ("http://127.8.7.6/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://archive.localhost/", True),
        ("http://127.evil.example/", False),
        ("http://127.0.0.1.evil.example/", False),
        ("http://localhost.evil.example/", False),
        ("http://evillocalhost/", False),
        ("http://128.0.0.1/", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, is_local: bool) -> None:
    assert is_loopback(url) is is_local


def test_a_host_with_a_port_has_that_port_only() -> None:
    hosts = ("daily.example:8080/blog", "weekly.example:443", "localhost")
    assert is_within("http://www.daily.example:8080/blog/1", hosts)
    assert not is_within("http://daily.example:8080/news/1", hosts)
    assert not is_within("http://daily.example/blog/1", hosts)
    assert is_within("https://weekly.example/1", hosts)
    assert not is_within("http://weekly.example/1", hosts)
    assert is_within("http://localhost:8000/1", hosts)
