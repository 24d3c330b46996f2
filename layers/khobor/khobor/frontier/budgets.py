"""The hourly budgets of a source, and descriptions of the URLs that exceed them.

A hostile site can link to any number of hosts, URLs and further pages. URLs beyond a budget are not queued; they are
found again when their listing is read again.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias

HOUR = timedelta(hours=1)
# One in twelve of 2,407 pages of real sites links to more than 20 hosts of one domain, and none to more than 105.
NEW_HOSTS_OF_DOMAIN = 20
# Each host below a private suffix such as blogspot.com is a domain of its own.
NEW_HOSTS_OF_SOURCE = 60
# With the usual delay of two seconds, 1,800 URLs can be fetched from one host.
URLS_OF_SOURCE = 10_000

Cause: TypeAlias = Literal["max_urls", "host_full", "new_hosts", "source_full", "listings"]
CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        "max_urls": "beyond the max_urls of their listing",
        "host_full": "on a host that has enough waiting or is left alone",
        "new_hosts": "on new hosts beyond those allowed in an hour",
        "source_full": "beyond the URLs that a source may queue in an hour",
        "listings": "further listings beyond those followed at a time",
    }
)
