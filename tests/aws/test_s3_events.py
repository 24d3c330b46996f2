from typing import Any

import pytest

from khobor.article import RawReference
from khobor.aws.s3_events import event_of, is_s3_event, uploads
from khobor.errors import PermanentError


@pytest.mark.parametrize("key", ["a/b.html", "a b+c.html", "খবর/পুতিন কিম.html", "100%&x=1.html", "a%20b.html"])
def test_keys_come_out_as_they_are_in_the_bucket(key: str) -> None:
    reference = RawReference(bucket="bucket", key=key, version="v1")
    assert uploads(event_of(reference)) == [reference]


def test_the_test_event_tells_of_no_upload() -> None:
    event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "bucket"}
    assert is_s3_event(event)
    assert uploads(event) == []


@pytest.mark.parametrize(
    "event",
    [None, [], "x", {}, {"Records": [{"eventSource": "aws:sqs"}]}, {"Records": [{"eventSource": "aws:s3", "s3": {}}]}],
)
def test_other_events_are_refused(event: Any) -> None:
    with pytest.raises(PermanentError, match="not_an_s3_event"):
        uploads(event)


@pytest.mark.parametrize("records", [None, 1, "x", {}])
def test_records_that_are_no_list_are_refused(records: Any) -> None:
    assert not is_s3_event({"Records": records})
    with pytest.raises(PermanentError, match="not_an_s3_event"):
        uploads({"Records": records})


@pytest.mark.parametrize("wrong", [{"key": 1}, {"key": None}, {"key": "a", "versionId": 1}, {"key": "%ED%A0%80\ud800"}])
def test_a_key_or_a_version_that_can_be_none_is_refused(wrong: dict[str, Any]) -> None:
    event = {"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "raw"}, "object": wrong}}]}
    with pytest.raises(PermanentError, match="not_an_s3_event"):
        uploads(event)
