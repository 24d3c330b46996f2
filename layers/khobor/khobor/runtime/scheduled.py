"""Ticks of a schedule of EventBridge Scheduler."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from khobor.errors import PermanentError

# What template.yaml writes in place of the time; EventBridge Scheduler replaces it.
_PLACEHOLDER = "<aws.scheduler.scheduled-time>"


def scheduled_time(event: Mapping[str, Any]) -> datetime:
    """Return the time of a tick, aware.

    Args:
        event: ``{"scheduled_at": …}``, as the template has it.

    Raises:
        PermanentError: ``bad_event`` for anything else.
    """
    at = event.get("scheduled_at")
    # An emulator may leave the placeholder as it is.
    if at == _PLACEHOLDER:
        return datetime.now(UTC)
    try:
        time = datetime.fromisoformat(at or "")
    except (TypeError, ValueError) as error:
        expected = 'expected {"scheduled_at": "2026-03-02T06:00:00Z"} or {"source": "…"}'
        raise PermanentError("bad_event", f"{expected}, got {str(event)[:200]}; see events/") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
