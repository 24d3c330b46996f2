"""Replayed pages: a change is not a revision by the publisher, in any order and after any interruption."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import msgspec
import pytest
from tests.articles import article
from tests.event_subscriber import Subscriber
from tests.killable_client import KillableClient, KilledError
from tests.replay.daily import SOURCE, URL, body, fetch, fetch_by, items, keep, unparsed, use_rules

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.archive.dynamodb.lists import DynamoDBLists
from khobor.archive.forgetting import Forgetting
from khobor.article import RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.frontier.dynamodb.known_urls import DynamoDBKnownUrls
from khobor.pages.s3 import S3PageReader, S3Pages
from khobor.replay.report import ReplayReport, decode
from khobor.replay.rereading import Rereading
from khobor.replay.run import ReplayRun, kept_pages, keys, prefixes
from khobor.sources.registry import Registry
from khobor.url import article_id, canonical_url

ID = article_id(canonical_url(URL))
WRONG, RIGHT = ".by-mistake", "h1"


def replay(stack: EmbeddedStack, start: int = 1, end: int = 31, **more: Any) -> ReplayReport:
    """Invoke the function as the state machine does, page by page."""
    run = ReplayRun(name="test", source="daily", start=date(2026, 3, start), end=date(2026, 3, end), **more)
    return invoke(stack, run, listed(stack))


def listed(stack: EmbeddedStack) -> list[str]:
    return list(keys(stack.s3, stack.outputs["RawBucketName"], "pages/"))


def invoke(stack: EmbeddedStack, run: ReplayRun, found: Iterable[str]) -> ReplayReport:
    for key in found:
        stack.invoke("ReplayFunction", {"key": key, "run": msgspec.to_builtins(run)})
    report = ReplayReport()
    bucket = stack.outputs["RawBucketName"]
    for key in list(keys(stack.s3, bucket, run.reports)):
        report.merge(decode(stack.s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
        stack.s3.delete_object(Bucket=bucket, Key=key)
    return report


def titles(stack: EmbeddedStack) -> list[tuple[str, tuple[str, ...]]]:
    found = stack.archive.revisions(ID)
    articles = [stack.archive.revision(ID, revision.number) for revision in found]
    return [(str(each and each.title), tuple(revision.changes)) for each, revision in zip(articles, found, strict=True)]


@pytest.fixture
def wrong(stack: EmbeddedStack) -> EmbeddedStack:
    """A stack that read the pages of two days by a wrong rule, and has the right one now."""
    use_rules(stack, 1, WRONG)
    fetch(stack, 1, body("The bridge opens"))
    fetch(stack, 2, body("The bridge closes"))
    use_rules(stack, 2, RIGHT)
    assert titles(stack) == [("Home of news", ())]
    return stack


def test_a_revision_that_the_wrong_rule_did_not_see_is_found_on_the_old_pages(wrong: EmbeddedStack) -> None:
    report = replay(wrong)
    assert titles(wrong) == [("The bridge opens", ()), ("The bridge closes", ("headline",))]
    assert (report.pages, report.outcomes) == (2, {"changed": 1, "covered": 1})
    assert report.fields["title"] == 1
    assert report.fields["revisions"] == 1
    (example,) = report.examples["title"]
    assert (example.article, example.before, example.after) == (URL, "Home of news", "The bridge closes")


def test_lists_and_texts_follow(wrong: EmbeddedStack) -> None:
    lists = DynamoDBLists(wrong.dynamodb, wrong.outputs["ArchiveTableName"])
    replay(wrong)
    assert [each.title for each in lists.by("word", "closes").headlines] == ["The bridge closes"]
    assert lists.by("word", "news").headlines == ()
    assert len([each for each in items(wrong) if each["sk"]["S"].startswith("text#")]) == 2
    assert not any("reread" in each for each in items(wrong))


def test_what_only_the_rule_saw_differently_is_no_revision(stack: EmbeddedStack) -> None:
    use_rules(stack, 1, WRONG)
    for day, wrong in enumerate(("Menu A", "Menu B", "Menu B", "Menu C"), 1):
        fetch(stack, day, body("The bridge opens", wrong))
    lists = DynamoDBLists(stack.dynamodb, stack.outputs["ArchiveTableName"])
    assert len(titles(stack)) == 3
    assert len(lists.by("change", "headline").headlines) == 2
    use_rules(stack, 2, RIGHT)
    replay(stack)
    assert titles(stack) == [("The bridge opens", ())]
    assert lists.by("change", "headline").headlines == ()
    assert lists.by("change", "stealth").headlines == ()


@pytest.mark.parametrize(("start", "end"), [(1, 1), (2, 2), (1, 31)])
def test_an_article_is_read_again_whole_of_whichever_day_its_page_is(
    wrong: EmbeddedStack, start: int, end: int
) -> None:
    replay(wrong, start, end)
    assert titles(wrong) == [("The bridge opens", ()), ("The bridge closes", ("headline",))]


@pytest.mark.slow
@pytest.mark.parametrize("order", [list, reversed])
def test_in_whatever_order_and_how_often_pages_come_the_table_ends_as_if_they_were_first_read_now(
    wrong: EmbeddedStack, order: Callable[[list[str]], Iterable[str]]
) -> None:
    run = ReplayRun(name="test", source="daily", start=date(2026, 3, 1), end=date(2026, 3, 31))
    invoke(wrong, run, order(listed(wrong)))
    once = items(wrong)
    report = invoke(wrong, run, [*order(listed(wrong)), *listed(wrong)])
    assert items(wrong) == once
    assert report.outcomes.keys() <= {"same", "covered"}


def test_nothing_is_announced(wrong: EmbeddedStack) -> None:
    bus = Subscriber(wrong)
    replay(wrong)
    # A page that was no article to the old rules.
    keep(wrong, 3, body("Another bridge"), f"{URL}0")
    unparsed(wrong)
    assert replay(wrong).outcomes["new"] == 1
    wrong.run()
    assert bus.take() == []
    assert {article.title for article in wrong.articles()} == {"The bridge closes", "Another bridge"}


def test_what_the_publisher_does_afterwards_is_announced(wrong: EmbeddedStack) -> None:
    replay(wrong)
    wrong.run()
    bus = Subscriber(wrong)
    fetch_by(wrong, 2, RIGHT, 4, body("The bridge opens again"))
    (event,) = bus.take()
    assert (event["detail-type"], event["detail"]["changes"]) == ("ArticleRevised", ["headline"])


def test_a_dry_run_tells_the_same_and_writes_nothing(wrong: EmbeddedStack) -> None:
    before = items(wrong), listed(wrong)
    tried = replay(wrong, is_dry_run=True)
    assert (items(wrong), listed(wrong)) == before
    assert tried == replay(wrong)


def test_what_new_rules_see_on_a_new_page_is_no_revision_until_the_old_page_is_read_again(stack: EmbeddedStack) -> None:
    bus = Subscriber(stack)
    use_rules(stack, 2, RIGHT)
    fetch_by(stack, 1, WRONG, 1, body("The bridge opens"))
    fetch_by(stack, 1, WRONG, 2, body("The bridge closes"))
    fetch_by(stack, 2, RIGHT, 3, body("The bridge closes"))
    assert titles(stack) == [("The bridge closes", ())]
    fetch_by(stack, 2, RIGHT, 4, body("The bridge opens again"))
    assert titles(stack) == [("The bridge closes", ()), ("The bridge opens again", ("headline",))]
    assert [event["detail-type"] for event in bus.take()] == ["ArticleStored", "ArticleRevised"]
    replay(stack)
    assert [title for title, _ in titles(stack)] == ["The bridge opens", "The bridge closes", "The bridge opens again"]
    stack.run()
    assert bus.take() == []


def test_an_article_one_of_whose_pages_is_not_there_any_more_stays_as_it_is(wrong: EmbeddedStack) -> None:
    wrong.s3.delete_object(Bucket=wrong.outputs["RawBucketName"], Key=listed(wrong)[0])
    before = items(wrong)
    report = replay(wrong)
    assert items(wrong) == before
    assert report.reasons == {"page_missing": 1}
    assert "2026-03-01" in report.problems["page_missing"][0]


@pytest.mark.slow
def test_a_replay_that_is_killed_anywhere_ends_as_if_it_were_not_when_it_is_started_again(
    wrong: EmbeddedStack,
) -> None:
    before = wrong.dynamodb.scan(TableName=wrong.outputs["ArchiveTableName"])["Items"]
    rules = Registry({"daily.toml": SOURCE.format(version=2, rule=RIGHT)})
    run = ReplayRun(name="test", source="daily", start=date(2026, 3, 1), end=date(2026, 3, 31))
    bucket, table = wrong.outputs["RawBucketName"], wrong.outputs["ArchiveTableName"]
    urls = DynamoDBKnownUrls(wrong.dynamodb, wrong.outputs["CrawlTableName"], 1)

    def read(client: KillableClient) -> None:
        for key in listed(wrong):
            Rereading(S3PageReader(wrong.s3), bucket, DynamoDBArchive(client.client, table), urls, 10_000_000).read(
                key, run, rules
            )

    undisturbed = KillableClient()
    read(undisturbed)
    after = items(wrong)
    # To be killed after a call is to be killed before the next one.
    for number, is_after in (*((each, False) for each in range(1, undisturbed.calls + 1)), (undisturbed.calls, True)):
        for item in items(wrong):
            wrong.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
        for each in before:
            wrong.dynamodb.put_item(TableName=table, Item=each)
        with pytest.raises(KilledError):
            read(KillableClient(kill=number, after=is_after))
        read(KillableClient())
        assert items(wrong) == after


def test_a_page_that_holds_no_article_is_told_of_and_the_others_go_on(wrong: EmbeddedStack) -> None:
    keep(wrong, 3, b"%PDF-1.7", f"{URL}0")
    unparsed(wrong)
    report = replay(wrong)
    assert report.reasons == {"not_html": 1}
    assert report.outcomes["changed"] == 1


def test_that_an_article_is_gone_stays(wrong: EmbeddedStack) -> None:
    gone_at = stamp = wrong.archive.revisions(ID)[-1].last_seen_at.replace(day=5)
    wrong.archive.mark_gone(ID, stamp, "http_410")
    replay(wrong)
    assert wrong.archive.gone_at(ID) == gone_at
    assert titles(wrong)[-1] == ("The bridge closes", ("gone",))


def test_an_article_that_was_forgotten_does_not_come_back(wrong: EmbeddedStack) -> None:
    bucket = wrong.outputs["RawBucketName"]
    urls = DynamoDBKnownUrls(wrong.dynamodb, wrong.outputs["CrawlTableName"], 1)
    kept = {key: wrong.s3.get_object(Bucket=bucket, Key=key) for key in listed(wrong)}
    pages = {key: (answer["Body"].read(), answer["Metadata"]) for key, answer in kept.items()}
    at = wrong.archive.revisions(ID)[0].first_seen_at
    Forgetting(wrong.archive, urls, S3Pages(wrong.s3, bucket)).forget(ID, at)
    for key, (content, metadata) in pages.items():
        wrong.upload(key, content, metadata)
    assert replay(wrong).reasons == {"forgotten": 2}
    # Not even if the table has no item of it.
    for item in items(wrong):
        wrong.dynamodb.delete_item(
            TableName=wrong.outputs["ArchiveTableName"], Key={"pk": item["pk"], "sk": item["sk"]}
        )
    assert replay(wrong).reasons == {"forgotten": 2}
    assert items(wrong) == []


def test_pages_of_other_sources_and_days_are_left(wrong: EmbeddedStack) -> None:
    assert replay(wrong, 3, 31).pages == 0
    run = ReplayRun(name="test", source="other", start=date(2026, 3, 1), end=date(2026, 3, 31))
    report = invoke(wrong, run, listed(wrong)[-1:])
    assert report.reasons == {"another_source": 1}
    assert titles(wrong) == [("Home of news", ())]


@pytest.mark.parametrize("event", [{}, {"Items": [{"key": "x"}]}, {"key": "x", "run": {"nonsense": 1}}, {"Items": 3}])
def test_an_event_of_something_else_is_refused(stack: EmbeddedStack, event: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="bad_replay"):
        stack.invoke("ReplayFunction", event)


def test_pages_are_listed_by_host_and_day(wrong: EmbeddedStack) -> None:
    bucket = wrong.outputs["RawBucketName"]
    for host in ("other.example", "www.daily.example", "notdaily.example"):
        wrong.upload(f"pages/{host}/2026-02-01/120000.000000Z-x.html.gz", b"x")
    run = ReplayRun(name="test", hosts=("daily.example",), start=date(2026, 2, 1), end=date(2026, 3, 1))
    # Not the months and days without pages.
    assert prefixes(wrong.s3, bucket, run) == ["pages/daily.example/2026-03-01", "pages/www.daily.example/2026-02"]
    everything = ReplayRun(name="test", hosts=("daily.example",))
    assert prefixes(wrong.s3, bucket, everything) == ["pages/daily.example/", "pages/www.daily.example/"]


def upload(stack: EmbeddedStack, day: int, content: bytes, key: str = "uploads/saved.html", url: str = URL) -> str:
    """Upload a page that was saved on a day of March, and store its article."""
    stack.upload(key, content, {"url": url, "fetched-at": f"2026-03-{day:02}T13:00:00+00:00"})
    stack.run()
    return key


def kept(stack: EmbeddedStack, run: ReplayRun) -> list[str]:
    table = stack.outputs["ArchiveTableName"]
    return sorted(kept_pages(DynamoDBArchive(stack.dynamodb, table), DynamoDBLists(stack.dynamodb, table), run))


def test_the_archive_knows_the_uploads_of_a_source_and_pages_of_other_hosts(wrong: EmbeddedStack) -> None:
    upload(wrong, 3, body("The bridge closes again"))
    upload(wrong, 4, body("Of another source"), "uploads/other.html", "https://other.example/1")
    moved = "pages/amp.example/2026-03-05/120000.000000Z-x.html.gz"
    upload(wrong, 5, body("The bridge is gone"), moved)
    run = ReplayRun(name="test", source="daily", hosts=("daily.example",))
    assert kept(wrong, run) == [moved, "uploads/saved.html"]
    third = msgspec.structs.replace(run, start=date(2026, 3, 3), end=date(2026, 3, 3))
    assert kept(wrong, third) == ["uploads/saved.html"]
    # No prefix belongs to a source without a file.
    assert kept(wrong, ReplayRun(name="test", source="other.example")) == ["uploads/other.html"]
    assert len(kept(wrong, ReplayRun(name="test", source="daily"))) == 4
    assert kept(wrong, ReplayRun(name="test", source="nobody")) == []
    assert kept(wrong, ReplayRun(name="test", hosts=("daily.example",))) == []


@pytest.mark.slow
def test_many_articles_of_a_source_are_listed_whole(stack: EmbeddedStack) -> None:
    for number in range(120):
        raw = RawReference(bucket=stack.outputs["RawBucketName"], key=f"uploads/{number:03}.html")
        stack.archive.put(article(number, source="daily.example", raw=raw))
    assert len(kept(stack, ReplayRun(name="test", source="daily.example"))) == 120


@pytest.mark.slow
@pytest.mark.parametrize(
    ("run", "order", "outcomes"),
    [
        # The newest page of the article is an upload, which a replay of the source reads, and one of the host does not.
        (ReplayRun(name="test", source="daily", hosts=("daily.example",)), list, {"covered": 2, "changed": 1}),
        (ReplayRun(name="test", source="daily", hosts=("daily.example",)), reversed, {"covered": 2, "changed": 1}),
        (ReplayRun(name="test", hosts=("daily.example",)), list, {"covered": 1, "changed": 1}),
        (ReplayRun(name="test", hosts=("daily.example",)), reversed, {"covered": 1, "changed": 1}),
    ],
)
def test_an_article_with_an_upload_is_read_again_once(
    wrong: EmbeddedStack, run: ReplayRun, order: Callable[[list[str]], Iterable[str]], outcomes: dict[str, int]
) -> None:
    upload(wrong, 3, body("The bridge closes again"))
    use_rules(wrong, 2, RIGHT)
    report = invoke(wrong, run, order([*listed(wrong), "uploads/saved.html"]))
    assert report.outcomes == outcomes
    assert [title for title, _ in titles(wrong)] == ["The bridge opens", "The bridge closes", "The bridge closes again"]


def test_an_article_that_has_a_source_now_is_read_again_by_its_old_name(stack: EmbeddedStack) -> None:
    upload(stack, 1, body("The bridge opens"))
    assert [article.source for article in stack.articles()] == ["daily.example"]
    use_rules(stack, 1, RIGHT)
    report = invoke(stack, ReplayRun(name="test", source="daily.example"), ["uploads/saved.html"])
    assert (report.outcomes, report.reasons) == ({"changed": 1}, {})
    assert [article.source for article in stack.articles()] == ["daily"]
