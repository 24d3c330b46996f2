"""Where a stranger's URL may lead: the sockets are watched, not the guard asked."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fetch.servers import page, raw_server
from tests.fetch.socket_audit import audit_sockets

from khobor.errors import KhoborError, PermanentError
from khobor.fetch.downloader import Downloader, Limits

LIMITS = Limits(page_bytes=10_000, total_seconds=10)
PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1:248:1893:25c8:1946"

# The registries as IANA has them, written down here anew: the test has none of the guard's own data.
IPV4_BLOCKS = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31", "192.0.2.0/24",
    "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
]  # fmt: skip
IPV6_BLOCKS = [
    "::/128", "::1/128", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::1/128",
    "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32", "2001:4:112::/48", "2001:10::/28", "2001:20::/28",
    "2001:30::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7",
    "fe80::/10", "fec0::/10", "ff00::/8", "4000::/3", "e000::/4",
]  # fmt: skip
# Metadata services, container credentials, DNS and time of AWS; the host of Azure; metadata of Alibaba and Oracle.
NEIGHBOURS = [
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.169.253", "169.254.169.123", "168.63.129.16",
    "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd00:ec2::253", "fd20:ce::254",
]  # fmt: skip
INNER = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1"]


def _edges(block: str) -> list[str]:
    network = ip_network(block)
    return list(dict.fromkeys(str(address) for address in (network[0], network[-1])))


def _six(start: str, inner: str, shift: int = 0) -> str:
    return str(IPv6Address(int(IPv6Address(start)) | int(IPv4Address(inner)) << shift))


WRAPPED = [
    address
    for inner in INNER
    for address in (
        _six("::ffff:0:0", inner),  # IPv4-mapped
        _six("::", inner),  # IPv4-compatible
        _six("::ffff:0:0:0", inner),  # IPv4-translated
        _six("64:ff9b::", inner),  # NAT64
        _six("64:ff9b:1::", inner),  # NAT64 of a network's own
        _six("2002::", inner, 80),  # 6to4
        _six("2001:0:4136:e378:8000:63bf:0:0", str(IPv4Address(int(IPv4Address(inner)) ^ 0xFFFFFFFF))),  # Teredo client
        _six("2001::8000:63bf:3fff:fdd2", inner, 64),  # Teredo server
        _six("2606:2800:220:1::5efe:0:0", inner),  # ISATAP
        _six("2606:2800:220:1:200:5efe::", inner),  # ISATAP, another form
    )
]
ADDRESSES = list(
    dict.fromkeys(
        [edge for block in IPV4_BLOCKS + IPV6_BLOCKS for edge in _edges(block)] + NEIGHBOURS + WRAPPED,
    )
)

SPELLINGS = [
    "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0177.0.0.1/", "http://0x7f.1/",
    "http://127.1/", "http://127.0.1/", "http://0/", "http://0x0/", "http://00000/", "http://127.0.0.1./",
    "http://0x7f.0x0.0x0.0x1/", "http://0177.0x0.0.1/", "http://127.000.000.001/", "http://127.0.0.01/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://0xa9.254.0251.254/",
    "http://169.254.43518/", "http://169.16689662/", "http://10.1/", "http://012.1/", "http://167772161/",
    "http://3232235777/", "http://192.168.257/", "http://0xc0a80101/", "http://１２７.０.０.１/", "http://１２７。０。０。１/",
    "http://127｡0｡0｡1/", "http://①②⑦.⓪.⓪.①/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://ｌｏｃａｌｈｏｓｔ/", "http://lo\u00adcalhost/",
    "http://LOCALHOST/", "http://localhost./", "http://localhost/", "http://foo.localhost/", "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/", "http://loc%61lhost/", "http:127.0.0.1/", "http:/127.0.0.1/", "http:\\\\127.0.0.1\\",
    "http:///127.0.0.1/", "http://////127.0.0.1/", "\thttp://127.0.0.1/", "ht\ntp://127.0.0.1/", "http://127.0.\t0.1/",
    "http://127.0.0.1\n/", " http://127.0.0.1/ ", "http://127.0.0.1\\@example.com/", "http://127.0.0.1/@example.com",
    "http://127.0.0.1#@example.com/", "http://127.0.0.1?@example.com/", "http://127.0.0.1:80#example.com",
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::ffff:169.254.169.254]/latest/", "http://[64:ff9b::169.254.169.254]/",
    "http://[fd00:ec2::254]/latest/", "https://[fe80::1]/", "HTTP://127.0.0.1/", "hTTps://127.0.0.1/",
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/", "http://169.254.170.2/v2/credentials/",
    "http://127.0.0.1:80/2018-06-01/runtime/invocation/next", "http://localhost:443/",
    "http://:@127.0.0.1/", "http://127.0.0.0x/a b:c@d",
]  # fmt: skip
REFUSED = [
    # A user name hides where a URL leads, whichever way round.
    "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/", "http://user:secret@news.example/",
    "http://news.example:80@127.0.0.1/", "http://news.example%2f@127.0.0.1/", "http://127.0.0.1%00@news.example/",
    "http://news.example&@127.0.0.1#@news.example/", "https://news.example\u2044@127.0.0.1/",
    # Zones of IPv6 addresses are this machine's own.
    "http://[fe80::1%eth0]/", "http://[fe80::1%25eth0]/", "http://[::1%25lo]/",
    # No HTTP.
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL", "ftp://127.0.0.1/",
    "dict://127.0.0.1:11211/stats", "data:text/html,<html>", "javascript:alert(1)", "jar:http://127.0.0.1!/a",
    "ldap://127.0.0.1/", "tftp://127.0.0.1/a", "sftp://127.0.0.1/", "ws://127.0.0.1/", "wss://127.0.0.1/",
    "blob:http://127.0.0.1/a", "about:blank", "view-source:http://127.0.0.1/", "netdoc:///etc/passwd", "unix:/run/a",
    "http+unix://%2frun%2fdocker.sock/", "//127.0.0.1/", "127.0.0.1", "localhost:80", "", " ", "http://", "http:", "/",
    # No host.
    "http://[127.0.0.1]/", "http://[::1", "http://::1/", "http://127.0.0.1.5.6/", "http://256.256.256.256/",
    "http://0x100000000/", "http://exa mple.com/", "http://a<b/", "http://\u0000/",
    "http://127.0.0.1:99999/", "http://127.0.0.1:-1/", "http://127.0.0.1:8a/", f"http://{'a' * 64}.example/",
]  # fmt: skip
PORTS = [0, 1, 22, 23, 25, 110, 2375, 3306, 5432, 6379, 8000, 8080, 8443, 9001, 9200, 11211, 27017, 65535]


def answers(*addresses: str) -> Callable[..., list[Any]]:
    return lambda _, port, **__: [(0, 0, 0, "", (address, port)) for address in addresses]


def machine_resolver(host: str, port: int, **_: Any) -> list[Any]:
    """Find addresses as this machine does, however they are spelt, and every name at a public one."""
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
    except socket.gaierror:
        name = host.rstrip(".").lower()
        return answers("127.0.0.1" if name == "localhost" or name.endswith(".localhost") else PUBLIC)(host, port)


def stranger() -> Downloader:
    return Downloader("x", LIMITS, resolver=machine_resolver)


def url_of(address: str) -> str:
    return f"http://[{address}]/" if ":" in address else f"http://{address}/"


def test_the_watch_sees_a_connection_to_a_public_address_and_none_is_made() -> None:
    with audit_sockets() as seen, pytest.raises(KhoborError, match="connection_failed"):
        stranger().fetch("http://news.example/")
    assert seen.connections == [(PUBLIC, 80)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_url_of_a_special_address_is_connected_to(address: str) -> None:
    with audit_sockets() as seen, pytest.raises(PermanentError, match="forbidden_address"):
        stranger().fetch(url_of(address))
    assert seen.connections == []


@pytest.mark.parametrize("address", [*ADDRESSES, "fe80::1%eth0", "2606:2800:220:1::1%lo", "127.1", "", "news.example"])
def test_no_name_at_a_special_address_is_connected_to(address: str) -> None:
    downloader = Downloader("x", LIMITS, resolver=answers(PUBLIC, address))
    with audit_sockets() as seen, pytest.raises(PermanentError, match="forbidden_address"):
        downloader.fetch("https://news.example/")
    assert seen.connections == []


@pytest.mark.parametrize("address", [address for address in ADDRESSES if ip_address(address) != IPv6Address("::1")])
def test_no_redirect_to_a_special_address_is_followed(address: str) -> None:
    location = f"Location: {url_of(address)}"
    with raw_server(lambda _: [page(b"", location, status="302 Found")]) as server, audit_sockets() as seen:
        resolver = answers("127.0.0.1")
        downloader = Downloader(
            "x",
            LIMITS,
            allow_loopback=True,
            resolver=lambda host, port, **_: (resolver if host == "news.example" else machine_resolver)(host, port),
        )
        with pytest.raises(KhoborError):
            downloader.fetch(server.url(host="news.example"))
    # Loopback itself is allowed here: that it is not otherwise is shown above.
    assert {host for host in seen.hosts if not _leads_here(host)} == set()


def _leads_here(address: str) -> bool:
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address) and parsed in ip_network("64:ff9b::/96"):
        parsed = IPv4Address(parsed.packed[12:])
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback


@pytest.mark.parametrize("url", SPELLINGS, ids=ascii)
def test_no_spelling_of_an_address_gets_past(url: str) -> None:
    with audit_sockets() as seen, pytest.raises(PermanentError) as error:
        stranger().fetch(url)
    assert error.value.reason in {"forbidden_address", "bad_url"}
    assert seen.connections == []


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_what_is_no_url_of_a_page_is_refused(url: str) -> None:
    with audit_sockets() as seen, pytest.raises(PermanentError) as error:
        stranger().fetch(url)
    assert error.value.reason in {"bad_url", "unknown_host"}
    assert seen.connections == []


@pytest.mark.parametrize("port", PORTS)
def test_no_other_port_is_connected_to(port: int) -> None:
    with audit_sockets() as seen, pytest.raises(PermanentError, match="forbidden_port"):
        stranger().fetch(f"http://news.example:{port}/")
    assert seen.connections == []


def test_a_port_that_the_source_allows_is_connected_to_and_no_other() -> None:
    with audit_sockets() as seen:
        with pytest.raises(KhoborError, match="connection_failed"):
            stranger().fetch("https://news.example:8443/", ports=(8443,))
        with pytest.raises(PermanentError, match="forbidden_port"):
            stranger().fetch("https://news.example:8444/", ports=(8443,))
    assert seen.connections == [(PUBLIC, 8443)]


def test_a_port_that_is_allowed_opens_no_address() -> None:
    with audit_sockets() as seen, pytest.raises(PermanentError, match="forbidden_address"):
        stranger().fetch("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next", ports=(9001,))
    assert seen.connections == []


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, f"::ffff:{PUBLIC}", _six("64:ff9b::", PUBLIC)])
def test_public_addresses_are_connected_to(address: str) -> None:
    downloader = Downloader("x", LIMITS, resolver=answers(address))
    with audit_sockets() as seen, pytest.raises(KhoborError, match="connection_failed"):
        downloader.fetch("http://news.example/")
    assert [ip_address(host) for host in seen.hosts] == [ip_address(address)]


def test_a_name_that_changes_its_address_is_not_looked_up_again_before_it_is_connected_to() -> None:
    flipping = iter([PUBLIC, "127.0.0.1", "169.254.169.254"])
    downloader = Downloader("x", LIMITS, resolver=lambda host, port, **_: answers(next(flipping))(host, port))
    with audit_sockets() as seen, pytest.raises(KhoborError, match="connection_failed"):
        downloader.fetch("http://news.example/")
    assert seen.connections == [(PUBLIC, 80)]
    # What urllib3 hands to the socket library is the address itself.
    assert set(seen.lookups) == {PUBLIC}


def test_a_name_that_changes_its_address_between_two_fetches_is_checked_each_time() -> None:
    addresses = iter(["127.0.0.1", "10.0.0.1"])
    downloader = Downloader(
        "x", LIMITS, allow_loopback=True, resolver=lambda host, port, **_: answers(next(addresses))(host, port)
    )
    with raw_server(lambda _: [page()], keeps_alive=True) as server, audit_sockets() as seen:
        downloader.fetch(server.url(host="news.example"))
        with pytest.raises(PermanentError, match="forbidden_address"):
            downloader.fetch(server.url(host="news.example"))
    assert seen.hosts == {"127.0.0.1"}


@pytest.mark.parametrize(
    "location", ["http://a:b@127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "//a@127.0.0.1/"]
)
def test_a_redirect_to_a_user_name_or_to_another_scheme_is_not_followed(location: str) -> None:
    answer = page(b"", f"Location: {location}", status="302 Found")
    with raw_server(lambda _: [answer]) as server:
        with pytest.raises(PermanentError, match="bad_redirect"):
            Downloader("x", LIMITS, allow_loopback=True).fetch(server.url())
        assert len(server.requests) == 1


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    with audit_sockets() as seen:
        for scheme in ("http", "https"):
            with pytest.raises(KhoborError, match="connection_failed"):
                stranger().fetch(f"{scheme}://news.example/")
    assert seen.connections == [(PUBLIC, 80), (PUBLIC, 443)]


PIECES = st.sampled_from([
    "http://", "https://", "//", "\\", "/", "@", ":", "#", "?", "%", ".", "[", "]", "::", "::1", "127.0.0.1", "0x7f",
    "1", "localhost", "2130706433", "169.254.169.254", "news.example", "ffff:", "\t", "\n", "。", "１２７", "%2e",
    "%00", "\u00ad", ":80", ":443", ":8080", "0177", "ⓛ", "xn--", "user", "[::ffff:127.0.0.1]", "\x00", " ",
])  # fmt: skip
URLS = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=10).map("".join),
    st.tuples(st.sampled_from(["http://", "https://", "http:", "HTTP:\\\\"]), st.lists(PIECES, max_size=8)).map(
        lambda parts: parts[0] + "".join(parts[1])
    ),
    st.tuples(st.just("http://"), st.integers(0, 2**33).map(str) | st.ip_addresses().map(str), st.text(max_size=5)).map(
        "".join
    ),
)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(url=URLS)
def test_no_string_leads_to_an_address_that_is_not_public(url: str) -> None:
    with audit_sockets() as seen, pytest.raises(KhoborError):
        stranger().fetch(url)
    assert all(_is_public(host) and port in {80, 443} for host, port in seen.connections)


# A name server may answer with any addresses: several, or unusual ones.
ANSWERED = st.lists(
    st.ip_addresses().map(str) | st.sampled_from([PUBLIC, PUBLIC_6, *ADDRESSES, "fe80::1%1", "127.1", ""]), max_size=4
)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(addresses=ANSWERED)
def test_no_answer_of_a_resolver_leads_to_an_address_that_is_not_public(addresses: list[str]) -> None:
    with audit_sockets() as seen, pytest.raises(KhoborError):
        Downloader("x", LIMITS, resolver=answers(*addresses)).fetch("http://news.example/")
    assert all(map(_is_public, seen.hosts))
    assert not seen.hosts or all(map(_is_public, addresses))


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(locations=st.lists(URLS, min_size=1, max_size=4), addresses=st.lists(ANSWERED, min_size=4, max_size=4))
def test_no_chain_of_redirects_leads_to_an_address_that_is_not_public(
    locations: list[str], addresses: list[list[str]]
) -> None:
    to = iter([f"Location: {quote(location, safe=':/@[]#?%.')}" for location in locations])
    found = iter(addresses)

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        if host == "127.0.0.1":
            return answers(host)(host, port)
        return answers(*next(found, []))(host, port)

    with (
        raw_server(lambda _: [page(b"", next(to, "X: x"), status="301 Moved")]) as server,
        audit_sockets() as seen,
        pytest.raises(KhoborError),
    ):
        Downloader("x", LIMITS, allow_loopback=True, resolver=resolver).fetch(server.url())
    assert all(_is_public(host) or _leads_here(host) for host in seen.hosts)


def _is_public(address: str) -> bool:
    """Return what this file says of an address, by the blocks above."""
    if "%" in address or not address:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped or parsed in ip_network("64:ff9b::/96"):
            return _is_public(str(IPv4Address(parsed.packed[12:])))
        if parsed not in ip_network("2000::/3"):
            return False
    blocks = [ip_network(block) for block in IPV4_BLOCKS + IPV6_BLOCKS]
    return str(parsed) not in NEIGHBOURS and not any(parsed in block for block in blocks)
