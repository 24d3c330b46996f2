"""Settings of the functions, read once from a mapping of environment variables.

``template.yaml`` sets every variable. Nothing here has a default, so the template is the only place to look.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

from khobor.errors import ConfigurationError

_FLAGS: dict[str, bool] = {"true": True, "false": False}


class _Settings:
    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read each setting from the variable of its name in capitals.

        Raises:
            ConfigurationError: A variable is missing or invalid; the message names it.
        """
        return cls(**{name: _READERS[kind](environment, name.upper()) for name, kind in cls.__annotations__.items()})


@dataclass(frozen=True)
class DiscoverSettings(_Settings):
    """Settings of the discover function.

    Attributes:
        raw_bucket: Name of the bucket that keeps listings as they came, and the sources that an operator uploads.
        crawl_table: Name of the DynamoDB table of known URLs.
        known_days: Days for which a URL stays known after it was last requested.
        sources_seconds: Seconds for which uploaded sources are used before newer ones are read.
        schedule_seconds: Seconds between two runs of the schedule.
        fetch_queue_url: Queue of URLs to fetch.
        discover_queue_url: Queue of listings, and of sources that are left for another invocation.
        dead_letter_queue_url: Queue for listings that cannot be read.
        max_receive_count: After how many deliveries a message becomes a dead-letter message.
        max_page_bytes: Largest listing read, after decompression, in bytes.
    """

    raw_bucket: str
    crawl_table: str
    known_days: int
    sources_seconds: int
    schedule_seconds: int
    fetch_queue_url: str
    discover_queue_url: str
    dead_letter_queue_url: str
    max_receive_count: int
    max_page_bytes: int


@dataclass(frozen=True)
class FetchSettings(_Settings):
    """Settings of the fetch function.

    Attributes:
        raw_bucket: Name of the bucket that keeps pages as they came.
        crawl_table: Name of the DynamoDB table of known URLs and hosts.
        known_days: Days for which a URL stays known after it was last requested.
        fetch_queue_url: Queue of URLs to fetch, and to try again.
        store_queue_url: Queue for notices that an article is gone.
        dead_letter_queue_url: Queue for URLs that cannot be fetched.
        max_attempts: After how many attempts a URL becomes a dead-letter message.
        contact: Address in the user agent at which the owner of a site can reach the operator.
        max_page_bytes: Largest page fetched, after decompression, in bytes.
        allow_loopback: Whether loopback addresses may be fetched; only ever true on a developer's machine.
    """

    raw_bucket: str
    crawl_table: str
    known_days: int
    fetch_queue_url: str
    store_queue_url: str
    dead_letter_queue_url: str
    max_attempts: int
    contact: str
    max_page_bytes: int
    allow_loopback: bool


@dataclass(frozen=True)
class ParseSettings(_Settings):
    """Settings of the parse function.

    Attributes:
        raw_bucket: Name of the bucket that keeps pages as they came, and the sources that an operator uploads.
        sources_seconds: Seconds for which uploaded sources are used before newer ones are read.
        store_queue_url: Queue of articles to store.
        discover_queue_url: Queue for links to other articles.
        dead_letter_queue_url: Queue for pages that hold no article.
        max_receive_count: After how many deliveries a message becomes a dead-letter message.
        max_page_bytes: Largest page parsed, after decompression, in bytes.
    """

    raw_bucket: str
    sources_seconds: int
    store_queue_url: str
    discover_queue_url: str
    dead_letter_queue_url: str
    max_receive_count: int
    max_page_bytes: int


@dataclass(frozen=True)
class StoreSettings(_Settings):
    """Settings of the store function.

    Attributes:
        archive_table: Name of the DynamoDB table of articles.
        indexes: The indexes of articles besides source and day.
        dead_letter_queue_url: Queue for messages that hold no article.
        max_receive_count: After how many deliveries a message becomes a dead-letter message.
    """

    archive_table: str
    indexes: str
    dead_letter_queue_url: str
    max_receive_count: int


@dataclass(frozen=True)
class ApiSettings(_Settings):
    """Settings of the api function.

    Attributes:
        archive_table: Name of the DynamoDB table of articles.
        raw_bucket: Name of the bucket that keeps the sources that an operator uploads.
        sources_seconds: Seconds for which uploaded sources are used before newer ones are read.
    """

    archive_table: str
    raw_bucket: str
    sources_seconds: int


@dataclass(frozen=True)
class ReplaySettings(_Settings):
    """Settings of the replay function.

    Attributes:
        raw_bucket: Name of the bucket that keeps pages as they came, the sources that an operator uploads, and reports.
        archive_table: Name of the DynamoDB table of articles.
        crawl_table: Name of the DynamoDB table of known URLs.
        indexes: The indexes of articles besides source and day.
        sources_seconds: Seconds for which uploaded sources are used before newer ones are read.
        max_page_bytes: Largest page read, after decompression, in bytes.
    """

    raw_bucket: str
    archive_table: str
    crawl_table: str
    indexes: str
    sources_seconds: int
    max_page_bytes: int


@dataclass(frozen=True)
class HealthSettings(_Settings):
    """Settings of the health function.

    Attributes:
        archive_table: Name of the DynamoDB table of articles.
        crawl_table: Name of the DynamoDB table of known URLs.
        raw_bucket: Name of the bucket that keeps pages, and the sources that an operator uploads.
        sources_seconds: Seconds for which uploaded sources are used before newer ones are read.
        schedule_seconds: Seconds between two runs of its schedule.
        alarm_topic_arn: SNS topic for findings.
    """

    archive_table: str
    crawl_table: str
    raw_bucket: str
    sources_seconds: int
    schedule_seconds: int
    alarm_topic_arn: str


@dataclass(frozen=True)
class AnnounceSettings(_Settings):
    """Settings of the announce function.

    Attributes:
        event_bus: Name of the event bus.
        dead_letter_queue_url: Queue for stream records that are not a headline.
    """

    event_bus: str
    dead_letter_queue_url: str


@dataclass(frozen=True)
class DeliverSettings(_Settings):
    """Settings of the deliver function.

    Attributes:
        archive_table: Name of the DynamoDB table of articles.
        delivery_stream: Name of the Firehose stream that takes the rows.
        dead_letter_queue_url: Queue for stream records whose rows cannot be delivered.
    """

    archive_table: str
    delivery_stream: str
    dead_letter_queue_url: str


def _text(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"the environment variable {name} is not set; template.yaml sets it")
    return value


def _count(environment: Mapping[str, str], name: str) -> int:
    value = _text(environment, name)
    if not value.isdecimal() or int(value) == 0:
        raise ConfigurationError(f"the environment variable {name} must be a whole number above 0, not {value!r}")
    return int(value)


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = _text(environment, name)
    if value not in _FLAGS:
        raise ConfigurationError(f"the environment variable {name} must be true or false, not {value!r}")
    return _FLAGS[value]


_READERS: dict[type, Callable[[Mapping[str, str], str], object]] = {str: _text, int: _count, bool: _flag}
