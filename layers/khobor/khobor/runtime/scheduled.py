"""Events of EventBridge Scheduler."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from khobor.errors import PermanentError

# The placeholder in template.yaml, which EventBridge Scheduler replaces by the time.
_PLACEHOLDER = "<aws.scheduler.scheduled-time>"


def scheduled_time(event: Mapping[str, Any]) -> datetime:
    """Return the scheduled time of an event, aware.

    Args:
        event: ``{"scheduled_at": …}``, as the template defines it.

    Raises:
        PermanentError: ``bad_event`` for any other event.
    """
    at = event.get("scheduled_at")
    # An emulator may leave the placeholder unchanged.
    if at == _PLACEHOLDER:
        return datetime.now(UTC)
    try:
        time = datetime.fromisoformat(at or "")
    except (TypeError, ValueError) as error:
        expected = 'expected {"scheduled_at": "2026-03-02T06:00:00Z"} or {"source": "…"}'
        raise PermanentError("bad_event", f"{expected}, got {str(event)[:200]}; see events/") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
