"""The state of a host as bytes, as a turn keeps it."""

import msgspec

from khobor.frontier.pace import HostState


def read_state(data: bytes | None) -> HostState:
    """Return a host's state; that of an unknown host if another version of khobor wrote it."""
    try:
        return msgspec.json.decode(data or b"{}", type=HostState)
    except msgspec.MsgspecError:
        return HostState()


def write_state(state: HostState) -> bytes:
    """Return a host's state in the form that ``read_state`` reads."""
    return msgspec.json.encode(state)
