"""Limits how much is queued: for a host what it can serve until the next run, for a source its budgets.

More URLs of one host would delay those of all others: SQS looks for messages of free groups only among the first
120,000 messages of a FIFO queue. URLs that are not queued are found again, or stay due.

A budget is stored as the time until which its queued work lasts (a leaky bucket), so it refills steadily.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from khobor.frontier.budgets import HOUR, NEW_HOSTS_OF_DOMAIN, NEW_HOSTS_OF_SOURCE, URLS_OF_SOURCE
from khobor.frontier.host_state import read_state
from khobor.frontier.interface import Hosts
from khobor.site import site_of

# Even a host that demands a day between requests gets its listing and some of its articles fetched.
_MIN_REQUESTS = 3
# Two runs may use one budget at the same time.
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class BudgetUse:
    """The used part of a budget.

    Attributes:
        name: What it limits.
        used: The part that was used and has not refilled yet.
        total: The budget of an hour.
    """

    name: str
    used: int
    total: int


class Backlog:
    """The queued work of hosts and sources.

    Args:
        hosts: The hosts.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def admit_hosts(self, hosts: Iterable[str], source: str, now: datetime) -> set[str]:
        """Return the hosts to which requests may be queued: all known ones, and a few new ones.

        Args:
            hosts: Hosts as ``message_group`` names them, the most important first.
            source: The source whose listing names them.
            now: The time.
        """
        wanted = list(hosts)
        known = self._hosts.known(wanted)
        new: dict[str, list[str]] = {}
        for host in wanted:
            if host not in known:
                new.setdefault(site_of(host.partition(":")[0]) or host, []).append(host)
        admitted: list[str] = []
        of_source = _new_hosts_of_source(source)
        room = self._room(of_source, now) if new else 0
        for site, group in new.items():
            # Each site costs two reads and a write, so stop at the limit of the source.
            count = min(len(group), room - len(admitted))
            if count > 0:
                admitted += group[: self._take(_new_hosts_of_site(site), count, now)]
        if admitted:
            admitted = admitted[: self._take(of_source, len(admitted), now)]
        return known | set(admitted)

    def take_urls(self, source: str, count: int, interval: timedelta, now: datetime) -> int:
        """Count URLs as queued for a source, as many as its budget allows.

        Args:
            source: The name of the source.
            count: The number of URLs.
            interval: The time until the next run of the source.
            now: The time.

        Returns:
            The number of URLs that may be queued.
        """
        budget = replace(_urls_of_source(source), span=max(interval, HOUR))
        return self._take(budget, count, now)

    def take_room(self, host: str, count: int, delay: float, interval: timedelta, now: datetime) -> int:
        """Count requests as queued for a host, as many as it can serve until the next run.

        Args:
            host: The host, as ``message_group`` names it.
            count: The number of requests.
            delay: The seconds between two requests; the host may have demanded more.
            interval: The time until the next run. At least an hour's work may be queued, in case the run is late.
            now: The time.

        Returns:
            The number of requests that may be queued; 0 while the circuit of the host is open.
        """
        state = read_state(self._hosts.state(host))
        if state.open_until is not None and state.open_until > now.timestamp():
            return 0
        each = timedelta(seconds=max(delay, state.delay))
        budget = _Budget(key=host, each=each, span=max(interval, HOUR, _MIN_REQUESTS * each))
        return self._take(budget, count, now, datetime.fromtimestamp(state.next_at, UTC))

    def budgets_in_use(self, source: str, hosts: Iterable[str], now: datetime) -> list[BudgetUse]:
        """Return the used part of each budget of a source.

        Args:
            source: The name of the source.
            hosts: Its hosts.
            now: The time.
        """
        sites = dict.fromkeys(site_of(host.partition("/")[0].partition(":")[0]) for host in hosts)
        budgets = {f"new hosts of {site}": _new_hosts_of_site(site) for site in sites}
        budgets |= {"new hosts": _new_hosts_of_source(source), "URLs": _urls_of_source(source)}
        return [
            BudgetUse(name=name, used=budget.total - self._room(budget, now), total=budget.total)
            for name, budget in budgets.items()
        ]

    def _room(self, budget: "_Budget", now: datetime) -> int:
        until = self._hosts.queued_until(budget.key) or now
        return max(0, min(budget.total, (now + budget.span - until) // budget.each))

    def _take(self, budget: "_Budget", count: int, now: datetime, not_before: datetime | None = None) -> int:
        """Use a budget, and return how much of the wanted count it allowed."""
        for _ in range(_TRIES):
            before = self._hosts.queued_until(budget.key)
            start = max(now, not_before or now, before or now)
            room = max(timedelta(0), now + budget.span - start)
            allowed = min(count, room // budget.each) if budget.each else count
            if allowed == 0 or self._hosts.queue_until(budget.key, start + allowed * budget.each, before, now):
                return allowed
        return 0


@dataclass(frozen=True, kw_only=True)
class _Budget:
    """A leaky bucket.

    Attributes:
        key: Its key among the hosts; no name of a host contains an asterisk or a slash.
        each: The time that one unit takes.
        span: The work that may be queued, as the time that it takes.
    """

    key: str
    each: timedelta
    span: timedelta = HOUR

    @property
    def total(self) -> int:
        """The number of units that fit into the empty bucket."""
        return self.span // self.each


def _new_hosts_of_site(site: str) -> _Budget:
    return _Budget(key=f"*.{site}", each=HOUR / NEW_HOSTS_OF_DOMAIN)


def _new_hosts_of_source(source: str) -> _Budget:
    return _Budget(key=f"{source}/hosts", each=HOUR / NEW_HOSTS_OF_SOURCE)


def _urls_of_source(source: str) -> _Budget:
    return _Budget(key=f"{source}/urls", each=HOUR / URLS_OF_SOURCE)
