"""How much may be queued: for each host what it can be asked for until the next run, for each source its budgets.

What one host cannot take would pile up before the URLs of all others: SQS looks for messages of free groups only among
the first 120,000 of a FIFO queue. What is not queued is found again, or stays due.

A budget is kept as the time until which its queued work lasts (a leaky bucket), so that it refills steadily.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from khobor.frontier.budgets import HOUR, NEW_HOSTS_OF_DOMAIN, NEW_HOSTS_OF_SOURCE, URLS_OF_SOURCE
from khobor.frontier.host_state import read_state
from khobor.frontier.interface import Hosts
from khobor.site import site_of

# Also a host that asks for a day between two requests gets its listing, and some of its articles.
_MIN_REQUESTS = 3
# Two runs may take from one budget at the same time.
_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class BudgetUse:
    """How much of a budget is used.

    Attributes:
        name: What it limits.
        used: How much of it was taken and has not refilled yet.
        total: How much there is in an hour.
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
        """Return the hosts that may be asked: all that were asked before, and a few new ones.

        Args:
            hosts: Hosts as ``message_group`` names them, the most wanted first.
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
            # Each site costs two reads and a write: none beyond what the source may ask.
            count = min(len(group), room - len(admitted))
            if count > 0:
                admitted += group[: self._take(_new_hosts_of_site(site), count, now)]
        if admitted:
            admitted = admitted[: self._take(of_source, len(admitted), now)]
        return known | set(admitted)

    def take_urls(self, source: str, count: int, interval: timedelta, now: datetime) -> int:
        """Count URLs as queued for a source; return how many may be.

        Args:
            source: The source's name.
            count: How many there are.
            interval: Until the next run of the source.
            now: The time.
        """
        budget = replace(_urls_of_source(source), span=max(interval, HOUR))
        return self._take(budget, count, now)

    def take_room(self, host: str, count: int, delay: float, interval: timedelta, now: datetime) -> int:
        """Count requests as queued for a host, as many as there is room for.

        Args:
            host: The host, as ``message_group`` names it.
            count: How many there are.
            delay: Seconds from one to the next; the host may have asked for more.
            interval: Until the next run. A run may be late, so that at least an hour's work is queued.
            now: The time.

        Returns:
            How many may be queued; none while the host is left alone because it failed too often.
        """
        state = read_state(self._hosts.state(host))
        if state.open_until is not None and state.open_until > now.timestamp():
            return 0
        each = timedelta(seconds=max(delay, state.delay))
        budget = _Budget(key=host, each=each, span=max(interval, HOUR, _MIN_REQUESTS * each))
        return self._take(budget, count, now, datetime.fromtimestamp(state.next_at, UTC))

    def budgets_in_use(self, source: str, hosts: Iterable[str], now: datetime) -> list[BudgetUse]:
        """Return how much of each budget of a source is used.

        Args:
            source: The source's name.
            hosts: Its hosts.
            now: The time.
        """
        sites = dict.fromkeys(site_of(host.partition("/")[0]) for host in hosts)
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
        """Take from a budget, and return how much of what is wanted was taken."""
        for _ in range(_TRIES):
            before = self._hosts.queued_until(budget.key)
            start = max(now, not_before or now, before or now)
            room = max(timedelta(0), now + budget.span - start)
            taken = min(count, room // budget.each) if budget.each else count
            if taken == 0 or self._hosts.queue_until(budget.key, start + taken * budget.each, before, now):
                return taken
        return 0


@dataclass(frozen=True, kw_only=True)
class _Budget:
    """A leaky bucket.

    Attributes:
        key: Its name in the crawl table, among those of hosts: no host's name holds an asterisk or a slash.
        each: How long one of what it limits takes.
        span: How much work may be queued, as the time that it takes.
    """

    key: str
    each: timedelta
    span: timedelta = HOUR

    @property
    def total(self) -> int:
        """How many fit in when it is empty."""
        return self.span // self.each


def _new_hosts_of_site(site: str) -> _Budget:
    return _Budget(key=f"*.{site}", each=HOUR / NEW_HOSTS_OF_DOMAIN)


def _new_hosts_of_source(source: str) -> _Budget:
    return _Budget(key=f"{source}/hosts", each=HOUR / NEW_HOSTS_OF_SOURCE)


def _urls_of_source(source: str) -> _Budget:
    return _Budget(key=f"{source}/urls", each=HOUR / URLS_OF_SOURCE)
