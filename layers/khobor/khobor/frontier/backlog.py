"""What is queued for each host: no more than it can be asked for until the next run, nothing while it is in trouble.

What one host cannot take would pile up before the URLs of all others: SQS looks for messages of free groups only among
the first 120,000 of a FIFO queue. What is not queued is found again, or stays due.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from khobor.frontier.dynamodb.hosts import Hosts
from khobor.frontier.host_state import read_state
from khobor.site import site_of

# A run that comes late finds the host still at work.
SHORTEST = timedelta(hours=1)
# A host that asks for a day between two requests gets a listing, and articles of it, all the same.
FEWEST = 3
# Two runs may count at the same time.
_TRIES = 3
# One site can have hosts without end, and each new one has room of its own: of one site 20 are new within an hour.
_NEW_HOST_SECONDS = 180.0


class Backlog:
    """The hosts' queued work, as the time that it takes.

    Args:
        hosts: The hosts.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def admitted(self, hosts: Iterable[str], now: datetime) -> set[str]:
        """Return the hosts that may be asked: those asked before, and of each site a few new ones in an hour.

        Args:
            hosts: The hosts, as ``message_group`` names them, the most wanted first.
            now: The time.
        """
        admitted: set[str] = set()
        new: dict[str, list[str]] = {}
        for host in hosts:
            if self._hosts.state(host) or self._hosts.queued_until(host):
                admitted.add(host)
            else:
                new.setdefault(site_of(host.partition(":")[0]) or host, []).append(host)
        for site, group in new.items():
            count = self.take_room(f"*.{site}", len(group), _NEW_HOST_SECONDS, SHORTEST, now)
            admitted.update(group[:count])
        return admitted

    def take_room(self, host: str, count: int, delay: float, interval: timedelta, now: datetime) -> int:
        """Count requests as queued for a host, as many as there is room for.

        Args:
            host: The host, as ``message_group`` names it.
            count: How many there are.
            delay: Seconds from one to the next; the host may have asked for more.
            interval: Until the next run.
            now: The time.

        Returns:
            How many may be queued; none where the host is left alone, as it failed too often.
        """
        state = read_state(self._hosts.state(host))
        if state.open_until is not None and state.open_until > now.timestamp():
            return 0
        each = timedelta(seconds=max(delay, state.delay))
        asked_at = datetime.fromtimestamp(state.next_at, UTC)
        for _ in range(_TRIES):
            before = self._hosts.queued_until(host)
            start = max(now, asked_at, before or now)
            room = max(timedelta(0), now + max(interval, SHORTEST, FEWEST * each) - start)
            fitting = min(count, room // each) if each else count
            if fitting == 0 or self._hosts.queue_until(host, start + fitting * each, before, now):
                return fitting
        return 0
