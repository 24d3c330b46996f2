"""What of an article reaches others over the event bus."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from jsonschema import Draft202012Validator
from tests.articles import MORNING, article
from tests.conftest import PARAMETERS, ROOT
from tests.event_subscriber import Subscriber

from khobor.announce.announcements import LONGEST_TEXT, LONGEST_URL, Detail
from khobor.article import Author, Block, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.url import url_id

SCHEMAS = {path.stem: json.loads(path.read_text()) for path in (ROOT / "events" / "schemas").iterdir()}
FIRST = article(
    section="city",
    language="en",
    modified_at=MORNING + timedelta(minutes=1),
    raw=RawReference(bucket="raw", key="1.html.gz", version="1"),
)


def later(hours: int, **fields: Any) -> Any:
    """Return the article as it is fetched some hours later."""
    raw = RawReference(bucket="raw", key="1.html.gz", version=str(hours))
    return replace(FIRST, fetched_at=FIRST.fetched_at + timedelta(hours=hours), raw=raw, **fields)


@pytest.fixture
def bus(stack: EmbeddedStack) -> Subscriber:
    return Subscriber(stack)


@pytest.fixture
def happens(stack: EmbeddedStack, bus: Subscriber) -> Callable[..., list[dict[str, Any]]]:
    """Put versions of the article into the archive, one after the other, and return the events of the last one."""

    def put(*versions: Any) -> list[dict[str, Any]]:
        for version in versions:
            bus.take()
            stack.archive.put(version)
            stack.run()
        return valid(bus.take())

    return put


def valid(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events that are as their schemas say, and tell nothing that these do not."""
    for event in events:
        schema = SCHEMAS[event["detail-type"]]
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(event)
        assert event["detail"].keys() <= schema["properties"]["detail"]["properties"].keys()
    return events


def told(events: list[dict[str, Any]]) -> list[tuple[str, int, list[str]]]:
    return [(event["detail-type"], event["detail"]["revision"], event["detail"].get("changes", [])) for event in events]


def test_an_article_that_is_stored_is_announced(happens: Callable[..., Any]) -> None:
    (event,) = happens(FIRST)
    assert (event["source"], event["detail-type"]) == ("khobor", "ArticleStored")
    detail = event["detail"]
    assert len(detail.pop("event_id")) == 26
    assert detail == {
        "schema_version": 1,
        "article_id": "id1",
        "revision": 1,
        "seen_at": "2023-08-16T07:00:00.000000+00:00",
        "listed_at": "2023-08-16T06:01:00+00:00",
        "url": "https://example.com/1",
        "source": "example",
        "title": "Title 1",
        "language": "en",
        "section": "city",
    }


def test_what_a_page_does_not_tell_is_absent(happens: Callable[..., Any]) -> None:
    (event,) = happens(replace(FIRST, title=None, section=None, language=None, source=None))
    assert not {"title", "section", "language", "source", "changes", "reason"} & event["detail"].keys()


def test_a_changed_headline_is_announced(happens: Callable[..., Any]) -> None:
    modified = FIRST.fetched_at + timedelta(hours=1)
    events = happens(FIRST, later(2, title="Title 2", modified_at=modified))
    assert told(events) == [("ArticleRevised", 2, ["headline"])]
    assert events[0]["detail"]["title"] == "Title 2"
    assert events[0]["detail"]["seen_at"] == "2023-08-16T09:00:00.000000+00:00"


def test_a_stealth_edit_is_announced_as_such(happens: Callable[..., Any]) -> None:
    assert told(happens(FIRST, later(2, title="Title 2"))) == [("ArticleRevised", 2, ["headline", "stealth"])]


def test_an_article_with_another_address_is_announced(happens: Callable[..., Any]) -> None:
    urls = [f"https://example.com/news/{name}" for name in ("bridge", "old-bridge")]
    old, new = sorted(urls, key=url_id)
    text = Block(kind="paragraph", text=" ".join(f"word{number}" for number in range(60)))
    first = replace(FIRST, article_id=url_id(old), url=old, canonical_url=old, body=(text,))
    moved = later(2, article_id=url_id(new), url=old, canonical_url=new, body=(text,))
    (event,) = happens(first, moved)
    assert event["detail-type"] == "ArticleMoved"
    detail = event["detail"]
    assert (detail["article_id"], detail["url"], detail["former_url"]) == (url_id(old), new, old)


def test_an_article_that_is_gone_and_back_again_is_announced(
    happens: Callable[..., Any], stack: EmbeddedStack, bus: Subscriber
) -> None:
    happens(FIRST)
    stack.archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410")
    stack.run()
    (gone,) = valid(bus.take())
    assert told([gone]) == [("ArticleGone", 2, [])]
    assert (gone["detail"]["reason"], gone["detail"]["title"]) == ("http_410", "Title 1")
    assert gone["detail"]["seen_at"] == "2023-08-16T11:00:00.000000+00:00"
    assert told(happens(later(6))) == [("ArticleRevised", 3, ["back"])]


def test_that_it_is_still_gone_is_nothing_new(
    happens: Callable[..., Any], stack: EmbeddedStack, bus: Subscriber
) -> None:
    happens(FIRST)
    for hours in (5, 6, 4):
        stack.archive.mark_gone("id1", MORNING + timedelta(hours=hours), "http_404")
    # How it was before it was gone becomes known only now.
    stack.archive.put(later(2, title="Title 2"))
    stack.run()
    assert [event["detail-type"] for event in bus.take()] == ["ArticleGone"]


@pytest.mark.parametrize(
    "unseen",
    [
        later(2),
        later(2, tags=("bridge",)),
        # Parsed again, by what finds the author.
        replace(FIRST, authors=(Author(name="A. Writer"),)),
        # Found late, an old version is not how the article is now.
        replace(later(-3), title="Title 0"),
    ],
    ids=["fetched again", "tags", "parsed again", "older"],
)
def test_what_readers_do_not_see_changed_is_not_announced(happens: Callable[..., Any], unseen: Any) -> None:
    assert happens(FIRST, unseen) == []


def test_a_page_of_several_fetches_that_is_parsed_again_is_not_announced(
    happens: Callable[..., Any], stack: EmbeddedStack, bus: Subscriber
) -> None:
    happens(FIRST, later(2))
    for fetched in (later(2), FIRST):
        stack.archive.put(replace(fetched, authors=(Author(name="A. Writer"),)))
    stack.run()
    assert bus.take() == []
    assert len(stack.archive.revisions("id1")) == 1


def test_of_an_article_that_is_forgotten_nothing_is_announced_any_more(
    happens: Callable[..., Any], stack: EmbeddedStack, bus: Subscriber
) -> None:
    happens(FIRST)
    stack.archive.forget("id1", MORNING + timedelta(hours=5))
    stack.archive.put(later(6, title="Title 2"))
    stack.run()
    assert (bus.take(), stack.dead_letters()) == ([], [])


def test_the_same_event_has_the_same_id_and_others_have_others(
    happens: Callable[..., Any], stack: EmbeddedStack, bus: Subscriber
) -> None:
    happens(FIRST)
    stack.archive.put(article(2))
    stack.archive.put(later(2, title="Title 2"))
    stack.archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410")
    stack.run()
    ids = [event["detail"]["event_id"] for event in bus.take()]
    assert len(set(ids)) == len(ids) == 3
    event = {"Records": [record("stored"), record("stored")]}
    assert stack.invoke("AnnounceFunction", event) == {"batchItemFailures": []}
    first, second = valid(bus.take())
    assert first["id"] != second["id"]
    assert first["detail"] == second["detail"]


def test_long_texts_are_cut_and_a_long_url_is_left_out(happens: Callable[..., Any]) -> None:
    title = "সেতু" * LONGEST_TEXT
    (event,) = happens(replace(FIRST, title=title, canonical_url="https://example.com/" + "a" * LONGEST_URL))
    assert event["detail"]["title"] == title[: LONGEST_TEXT - 1] + "…"
    assert "url" not in event["detail"]


def record(name: str, number: int = 1) -> dict[str, Any]:
    """Return one of the records of events/, of another article for each number."""
    names = {"stored": 0, "revised": 1, "gone": 2}
    text = (ROOT / "events" / "announce-stream.json").read_text()
    found: dict[str, Any] = json.loads(text)["Records"][names[name]]
    for image in (found["dynamodb"]["Keys"], found["dynamodb"]["NewImage"]):
        image["pk"] = {"S": f"article#id{number}"}
    found["dynamodb"]["SequenceNumber"] = str(1000 + number)
    return found


def test_a_record_that_is_no_headline_is_put_aside_and_its_neighbours_are_announced(
    stack: EmbeddedStack, bus: Subscriber
) -> None:
    poison = record("stored", 2)
    del poison["dynamodb"]["NewImage"]["revisions"]
    batch = [record("stored", 1), poison, record("stored", 3)]
    assert stack.invoke("AnnounceFunction", {"Records": batch}) == {"batchItemFailures": []}
    assert [event["detail"]["article_id"] for event in valid(bus.take())] == ["id1", "id3"]
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == ("AnnounceDeadLetterQueue", "not_a_headline")
    assert "revisions" in (letter.detail or "")
    assert json.loads(letter.body) == poison


@pytest.mark.parametrize("change", ["posting", "forgotten", "deleted"])
def test_what_is_no_headline_of_an_article_is_not_announced(stack: EmbeddedStack, bus: Subscriber, change: str) -> None:
    other = record("stored")
    if change == "posting":
        other["dynamodb"]["Keys"]["sk"] = {"S": "2023-08-15T23:23:00+00:00#id1"}
    elif change == "forgotten":
        other["dynamodb"]["NewImage"]["forgotten_at"] = {"S": "2023-08-16T06:00:00+00:00"}
    else:
        other["dynamodb"]["OldImage"] = other["dynamodb"].pop("NewImage")
    stack.invoke("AnnounceFunction", {"Records": [other]})
    assert (bus.take(), stack.dead_letters()) == ([], [])


@pytest.mark.parametrize("event", [{}, {"Records": [{"messageId": "1"}]}, {"Records": [{"dynamodb": {}}]}])
def test_an_event_of_something_else_is_refused(stack: EmbeddedStack, event: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="expected records of a stream"):
        stack.invoke("AnnounceFunction", event)


class FailingPutEvents:
    """Has calls to the event bus fail, as a network does: the given ones, from 1 on."""

    def __init__(self, *numbers: int) -> None:
        self._numbers = numbers
        self._calls = 0

    def __call__(self, call: str) -> None:
        if call == "events.PutEvents":
            self._calls += 1
            if self._calls in self._numbers:
                raise EndpointConnectionError(endpoint_url="https://events.example")


def test_where_the_bus_fails_the_first_record_that_it_did_not_take_is_told() -> None:
    batch = [record("stored", number) for number in range(25)]
    with EmbeddedStack(PARAMETERS, on_call=FailingPutEvents(2)) as stack:
        bus = Subscriber(stack)
        answer = stack.invoke("AnnounceFunction", {"Records": batch})
        assert answer == {"batchItemFailures": [{"itemIdentifier": "1010"}]}
        assert [event["detail"]["article_id"] for event in bus.take()] == [f"id{number}" for number in range(10)]
        stack.log.seek(0)
        said = stack.log.read()
    assert '"ArticlesAnnounced":[10.0]' in said.replace(" ", "")
    assert "event_not_taken" in said


@pytest.mark.slow
def test_what_the_bus_did_not_take_is_announced_later_in_order() -> None:
    with EmbeddedStack(PARAMETERS, on_call=FailingPutEvents(1, 2, 4)) as stack:
        bus = Subscriber(stack)
        for number in range(25):
            stack.archive.put(article(number))
        stack.run()
        found = [event["detail"]["article_id"] for event in bus.take()]
        assert found == [f"id{number}" for number in range(25)]
        assert stack.dead_letters() == []


def test_what_the_bus_never_takes_is_put_aside_by_its_place_in_the_stream(stack: EmbeddedStack) -> None:
    stack.events.delete_event_bus(Name=stack.outputs["EventBusName"])
    stack.archive.put(FIRST)
    stack.run()
    (letter,) = stack.dead_letters()
    place = json.loads(letter.body)["DDBStreamBatchInfo"]
    assert letter.queue == "AnnounceDeadLetterQueue"
    assert place["batchSize"] == 1
    assert place["startSequenceNumber"] == place["endSequenceNumber"]


def test_schemas_describe_every_field_and_the_same_field_alike() -> None:
    details = {kind: schema["properties"]["detail"]["properties"] for kind, schema in SCHEMAS.items()}
    assert SCHEMAS.keys() == {"ArticleStored", "ArticleRevised", "ArticleMoved", "ArticleGone"}
    for name in Detail.__struct_fields__:
        found = [fields[name] for fields in details.values() if name in fields]
        assert found
        assert all(field == found[0] and field["description"] for field in found)
    for kind, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert details[kind].keys() <= set(Detail.__struct_fields__)
