"""A lost network: said once, no attempt at any URL, and said again when it is back."""

import pytest

from khobor.errors import KhoborError
from khobor.fetch.downloader import Limits
from khobor.local.network import Network, NetworkDownloader, NetworkLostError


@pytest.fixture
def said() -> list[bool]:
    return []


def failures(network: Network, *hosts: str) -> list[bool]:
    return [network.failed(each) for each in hosts]


def test_three_hosts_in_a_row_that_are_not_reached_are_the_networks_fault(said: list[bool]) -> None:
    network = Network(said.append, has_route=lambda: True)
    assert failures(network, "a", "a", "a", "b") == [False] * 4
    assert failures(network, "c", "a", "d") == [True] * 3
    assert said == [False]
    network.reached()
    network.reached()
    assert said == [False, True]
    assert failures(network, "a", "b") == [False, False]


def test_a_host_that_answers_in_between_shows_that_the_network_is_there(said: list[bool]) -> None:
    network = Network(said.append, has_route=lambda: True)
    failures(network, "a", "b")
    network.reached()
    assert failures(network, "c", "d") == [False, False]
    assert said == []


def test_without_a_route_the_first_failure_is_the_networks_fault(said: list[bool]) -> None:
    network = Network(said.append, has_route=lambda: False)
    assert failures(network, "a", "b") == [True, True]
    assert said == [False]


def test_a_name_that_nobody_can_look_up_is_no_fault_of_its_host_without_a_network(said: list[bool]) -> None:
    downloader = NetworkDownloader(Network(said.append, has_route=lambda: False), "mailto:tests@localhost", Limits())
    for name in ("one", "two"):
        with pytest.raises(NetworkLostError):
            downloader.fetch(f"http://{name}.invalid/news/1")
    assert said == [False]


def test_a_host_of_this_machine_says_nothing_of_the_network(said: list[bool]) -> None:
    network = Network(said.append, has_route=lambda: False)
    downloader = NetworkDownloader(network, "mailto:tests@localhost", Limits(), allow_loopback=True)
    with pytest.raises(KhoborError, match="127"):
        downloader.fetch("http://127.0.0.1:9/news/1", ports=(9,))
    assert said == []
