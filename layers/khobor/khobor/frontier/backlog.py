"""How many requests may be queued for each host: as many as fit until the next run, and none while it is failing.

More would pile up in front of the URLs of all other hosts: SQS looks for messages of free groups only among the first
120,000 of a FIFO queue. URLs that are not queued are found again, or stay due.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from khobor.frontier.host_state import read_state
from khobor.frontier.interface import Hosts
from khobor.site import site_of

# If a run is late, the host still has work.
SHORTEST = timedelta(hours=1)
# Even a host with a crawl delay of a day gets a listing, and articles of it.
FEWEST = 3
# Two runs may update the same host at the same time.
_TRIES = 3
# A site may have any number of hosts, and each would have room of its own: an hour admits 20 new ones of one site.
_NEW_HOST_SECONDS = 180.0


class Backlog:
    """The queued work of each host, measured by the time that it takes.

    Args:
        hosts: The hosts.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def admitted(self, hosts: Iterable[str], now: datetime) -> set[str]:
        """Return the hosts that may be sent requests: all known ones, and a few new ones of each site in an hour.

        Args:
            hosts: The hosts, as ``message_group`` names them, the most important first.
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
        """Reserve room for as many requests to a host as fit.

        Args:
            host: The host, as ``message_group`` names it.
            count: The number of requests.
            delay: Seconds from one to the next; the host may demand more.
            interval: The time until the next run.
            now: The time.

        Returns:
            The number of requests that may be queued; 0 while the host's circuit is open.
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
