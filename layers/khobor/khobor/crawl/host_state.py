"""What is known of a host, as it is kept with the host's turn."""

from datetime import datetime

import msgspec

from khobor.aws.hosts import Hosts
from khobor.fetching.pace import HostState


def read_state(data: bytes | None) -> HostState:
    """Return a host's state; that of a host of which nothing is known, where another version of khobor wrote it."""
    try:
        return msgspec.json.decode(data or b"{}", type=HostState)
    except msgspec.MsgspecError:
        return HostState()


def write_state(state: HostState) -> bytes:
    """Return a host's state such that ``read_state`` gives it back."""
    return msgspec.json.encode(state)


def is_left_alone(hosts: Hosts, host: str, now: datetime) -> bool:
    """Whether a host failed so often that it is not asked for some time: what is sent to be fetched would pile up."""
    state = read_state(hosts.state(host))
    return state.open_until is not None and state.open_until > now.timestamp()
