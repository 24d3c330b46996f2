"""The registry: which source publishes a host's pages."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from khobor.errors import ConfigurationError
from khobor.sources.source import Source, read_source


class Registry:
    """Sources by the hosts that they publish."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_host: dict[str, Source] = {}
        for source in sources:
            for host in source.hosts:
                other = self._by_host.setdefault(host, source)
                if other is not source:
                    raise ConfigurationError(f"the host {host} is claimed by two sources: {other.name}, {source.name}")

    def find(self, host: str) -> Source | None:
        """Return the source of a host, or of the domain that it belongs to; None for a host that none publishes."""
        labels = host.split(".")
        domains = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._by_host[domain] for domain in domains if domain in self._by_host), None)


@cache
def bundled() -> Registry:
    """Return the registry of the sources that come with khobor; raises ConfigurationError for one that is wrong."""
    found = (path for path in files("khobor.sources").iterdir() if path.name.endswith(".toml"))
    return Registry(read_source(path.name.removesuffix(".toml"), path.read_text(encoding="utf-8")) for path in found)
