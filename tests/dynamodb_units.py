"""The units that DynamoDB bills: how many bytes each has, and how many an item has."""

from collections.abc import Mapping
from typing import Any

READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return about how many bytes DynamoDB counts for an item: its names and values; sets and numbers as texts."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind in {"SS", "NS", "BS"}:
        return sum(_value_bytes({kind[0]: each}) for each in content)
    return len(content if isinstance(content, bytes) else str(content).encode())
