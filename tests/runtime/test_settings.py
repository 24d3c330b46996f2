import pytest

from khobor.errors import ConfigurationError
from khobor.runtime.settings import FetchSettings

ENVIRONMENT = {
    "RAW_BUCKET": "bucket",
    "CRAWL_TABLE": "table",
    "KNOWN_DAYS": "400",
    "FETCH_QUEUE_URL": "https://sqs/2",
    "STORE_QUEUE_URL": "https://sqs/3",
    "DEAD_LETTER_QUEUE_URL": "https://sqs/1",
    "MAX_ATTEMPTS": "5",
    "CONTACT": "mailto:a@example.org",
    "MAX_PAGE_BYTES": "1000",
    "ALLOW_LOOPBACK": "false",
}


def test_settings_are_read_from_the_environment() -> None:
    settings = FetchSettings.from_environment(ENVIRONMENT)
    assert (settings.max_page_bytes, settings.allow_loopback, settings.raw_bucket) == (1000, False, "bucket")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAW_BUCKET", ""),
        ("RAW_BUCKET", " "),
        ("MAX_PAGE_BYTES", "10 MB"),
        ("MAX_ATTEMPTS", "0"),
        ("ALLOW_LOOPBACK", "maybe"),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        FetchSettings.from_environment(ENVIRONMENT | {name: value})
