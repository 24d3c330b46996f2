"""What an operator uploads to sources/ is in use after a while, and a mistake there breaks nothing."""

from collections import Counter
from collections.abc import Iterator

import pytest
from botocore.model import OperationModel
from tests.sources.daily import BASE, DAILY

from khobor.embedded.stack import EmbeddedStack
from khobor.sources.source_bucket import SourceBucket

SECONDS = 300
WEEKLY = DAILY.replace("daily.example", "weekly.example")


class Uploads:
    """The bucket, and the time that passes."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self.stack = stack
        self.now = 1000.0
        self.calls: Counter[str] = Counter()
        self.sources = self.started()

    def started(self) -> SourceBucket:
        return SourceBucket(self.stack.s3, self.stack.outputs["RawBucketName"], SECONDS, clock=lambda: self.now)

    def count(self, model: OperationModel, **_: object) -> None:
        self.calls.update([model.name])

    def put(self, path: str, text: str) -> None:
        self.stack.upload(f"sources/{path}", text.encode())

    def delete(self, path: str) -> None:
        self.stack.s3.delete_object(Bucket=self.stack.outputs["RawBucketName"], Key=f"sources/{path}")

    def later(self, seconds: float = SECONDS) -> None:
        self.now += seconds

    def titles(self, host: str = "daily.example") -> tuple[str, ...] | None:
        source = self.sources.registry()[0].find(host)
        return source.versions[-1].rules.title if source else None

    def problems(self) -> list[str]:
        return [str(problem) for problem in self.sources.registry()[1]]


@pytest.fixture
def uploads(stack: EmbeddedStack) -> Iterator[Uploads]:
    made = Uploads(stack)
    stack.s3.meta.events.register("before-call.s3", made.count)
    yield made
    stack.s3.meta.events.unregister("before-call.s3", made.count)


def test_without_uploads_there_are_the_bundled_sources(uploads: Uploads) -> None:
    assert uploads.titles("www.kalbela.com") == ("h1.details-title", "h2.details-title")
    assert uploads.problems() == []


def test_an_uploaded_source_is_added(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    assert uploads.titles() == ("h1.headline", "h1")
    assert uploads.titles("kalbela.com") is not None


def test_an_uploaded_source_comes_before_the_bundled_one(uploads: Uploads) -> None:
    uploads.put("kalbela.toml", DAILY.replace("daily.example", "kalbela.com"))
    assert uploads.titles("kalbela.com") == ("h1.headline", "h1")


def test_an_uploaded_base_mends_every_source_on_it(uploads: Uploads) -> None:
    uploads.put("bases/dhaka-daily.toml", BASE)
    assert uploads.titles("kalbela.com") == uploads.titles("jaijaidinbd.com") == ("h1.base",)


def test_a_change_is_seen_when_the_time_is_over(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    assert uploads.titles() == ("h1.headline", "h1")
    uploads.put("daily.toml", DAILY.replace("h1.headline", "h2"))
    uploads.later(SECONDS - 1)
    assert uploads.titles() == ("h1.headline", "h1")
    uploads.later(1)
    assert uploads.titles() == ("h2", "h1")


def test_what_is_deleted_is_gone_and_what_is_bundled_comes_back(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.put("kalbela.toml", DAILY.replace("daily.example", "kalbela.com"))
    assert uploads.titles("kalbela.com") == ("h1.headline", "h1")
    uploads.delete("daily.toml")
    uploads.delete("kalbela.toml")
    uploads.later()
    assert uploads.titles() is None
    assert uploads.titles("kalbela.com") == ("h1.details-title", "h2.details-title")


def test_only_what_changed_is_read_again(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.put("weekly.toml", WEEKLY)
    uploads.titles()
    uploads.titles()
    assert (uploads.calls["ListObjectsV2"], uploads.calls["GetObject"]) == (1, 2)
    uploads.put("daily.toml", DAILY.replace("h1.headline", "h2"))
    uploads.later()
    assert uploads.titles() == ("h2", "h1")
    assert (uploads.calls["ListObjectsV2"], uploads.calls["GetObject"]) == (2, 3)


def test_a_bad_file_is_told_of_once_and_left_out(uploads: Uploads) -> None:
    uploads.put("daily.toml", f'{DAILY}titel = ["h2"]')
    uploads.put("weekly.toml", WEEKLY)
    assert uploads.problems() == ["daily.toml:9: rules.titel: there is no such key; did you mean title?"]
    assert uploads.problems() == []
    uploads.later()
    assert uploads.problems() == []
    assert [problem.file for problem in uploads.sources.problems] == ["daily.toml"]
    assert uploads.titles() is None
    assert uploads.titles("weekly.example") == ("h1.headline", "h1")


def test_for_a_bad_file_its_last_good_version_stays_in_use(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.titles()
    uploads.put("daily.toml", DAILY.replace("h1.headline", "h1["))
    uploads.put("daily.toml", "version =")
    uploads.later()
    assert len(uploads.problems()) == 1
    assert uploads.titles() == ("h1.headline", "h1")


def test_a_function_that_starts_later_uses_the_same_version(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.put("daily.toml", "version =")
    assert uploads.titles() == ("h1.headline", "h1")
    uploads.sources = uploads.started()
    assert uploads.titles() == ("h1.headline", "h1")


def test_with_a_bad_base_a_source_keeps_to_the_last_good_one(uploads: Uploads) -> None:
    uploads.put("bases/system.toml", BASE)
    uploads.put("bases/system.toml", "version =")
    uploads.put("daily.toml", DAILY.replace("zone", 'base = "system"\n#', 1).replace("title", "section"))
    assert [problem.partition(": ")[0] for problem in uploads.problems()] == ["bases/system.toml:1", "daily.toml:5"]
    assert uploads.titles() == ("h1.base",)


def test_a_bad_file_for_a_bundled_source_leaves_that_in_use(uploads: Uploads) -> None:
    uploads.put("kalbela.toml", "version =")
    assert uploads.titles("kalbela.com") == ("h1.details-title", "h2.details-title")


def test_a_host_that_two_uploads_have_is_left_to_the_first(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.put("other.toml", DAILY.replace("h1.headline", "h3"))
    assert uploads.problems() == [
        "other.toml:4: hosts: daily.example is a host of daily.toml too; leave it to one of them"
    ]
    assert uploads.titles() == ("h1.headline", "h1")


def test_a_host_that_two_uploads_have_stops_none_of_their_other_hosts(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    both = DAILY.replace('["daily.example"]', '["other.example", "daily.example"]').replace("h1.headline", "h3")
    uploads.put("other.toml", both)
    uploads.put("weekly.toml", "version =")
    assert [problem.partition(": ")[0] for problem in uploads.problems()] == ["other.toml:4", "weekly.toml:1"]
    assert uploads.titles() == ("h1.headline", "h1")
    assert uploads.titles("other.example") == ("h3", "h1")


@pytest.mark.parametrize("path", ["", "notes.txt", "old/daily.toml", "daily.toml.bak", "daily.html.toml/"])
def test_what_else_lies_there_is_left_alone(uploads: Uploads, path: str) -> None:
    uploads.put(path, "version =")
    assert uploads.problems() == []


def test_a_file_that_is_far_too_long_is_not_read_to_its_end(uploads: Uploads) -> None:
    uploads.put("daily.toml", "#" * 1_000_000)
    assert uploads.problems() == ["daily.toml:1: this has over 65,536 bytes; no source needs so many"]


def test_an_upload_that_s3_does_not_give_leaves_the_others_in_use(uploads: Uploads) -> None:
    uploads.put("daily.toml", DAILY)
    uploads.put("weekly.toml", WEEKLY)
    bucket = uploads.stack.outputs["RawBucketName"]
    uploads.stack.s3.put_object(Bucket=bucket, Key="sources/weekly.toml", Body=b"-", StorageClass="GLACIER")
    (problem,) = uploads.problems()
    assert problem.startswith("weekly.toml:1: S3 does not return this file (InvalidObjectState)")
    assert uploads.titles() == uploads.titles("weekly.example") == ("h1.headline", "h1")
