import socket
from typing import Any

import pytest

from khobor.errors import PermanentError, RetryableError
from khobor.fetch.addresses import resolve


def resolver_of(*addresses: str) -> Any:
    return lambda _, port, **__: [(0, 0, 0, "", (address, port)) for address in addresses]


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "127.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fd00:ec2::254", "fc00::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(PermanentError, match="forbidden_address"):
        resolve("news.example", 443, resolver=resolver_of(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_public_addresses_are_taken(address: str) -> None:
    assert resolve("news.example", 443, resolver=resolver_of(address)) == [address]


def test_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(PermanentError, match="forbidden_address"):
        resolve("news.example", 443, resolver=resolver_of("93.184.216.34", "10.0.0.1"))


def test_loopback_is_taken_only_where_it_is_allowed_and_nothing_else_with_it() -> None:
    assert resolve("localhost", 80, allow_loopback=True, resolver=resolver_of("127.0.0.1")) == ["127.0.0.1"]
    with pytest.raises(PermanentError, match="forbidden_address"):
        resolve("localhost", 80, allow_loopback=True, resolver=resolver_of("10.0.0.1"))


@pytest.mark.parametrize(
    ("number", "error", "reason"),
    [
        (socket.EAI_AGAIN, RetryableError, "name_lookup_failed"),
        (socket.EAI_NONAME, PermanentError, "unknown_host"),
    ],
)
def test_a_name_that_does_not_exist_is_told_from_a_server_that_does_not_answer(
    number: int, error: type[Exception], reason: str
) -> None:
    def fail(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(number, "no")

    with pytest.raises(error, match=reason):
        resolve("news.example", 443, resolver=fail)
