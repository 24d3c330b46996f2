"""What is known of a host, as it is kept with the host's turn."""

import msgspec

from khobor.frontier.pace import HostState


def read_state(data: bytes | None) -> HostState:
    """Return a host's state; that of a host of which nothing is known, where another version of khobor wrote it."""
    try:
        return msgspec.json.decode(data or b"{}", type=HostState)
    except msgspec.MsgspecError:
        return HostState()


def write_state(state: HostState) -> bytes:
    """Return a host's state such that ``read_state`` gives it back."""
    return msgspec.json.encode(state)
