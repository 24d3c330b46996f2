"""What of the archive reaches the files of which Athena answers SQL."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import time_machine
from botocore.exceptions import EndpointConnectionError
from moto.firehose.models import FirehoseBackend
from tests.articles import MORNING, article
from tests.conftest import PARAMETERS, ROOT
from tests.delivery_bucket import delivered_rows
from tests.test_template import RESOURCES

from khobor.article import Author, Block, Evidence, Extraction, Image
from khobor.embedded.stack import EmbeddedStack
from khobor.export import schema

FIRST = article(
    language="bn",
    title="পুতিন-কিমের চিঠি বিনিময়",
    authors=(Author(name="কালবেলা ডেস্ক"), Author(name="A. Writer", url="https://example.com/writer")),
    published_at=datetime.fromisoformat("2023-08-16T05:23:00+06:00"),
    body=(
        Block(kind="paragraph", text="Text."),
        Block(kind="table", text="1", rows=(("1", "2"), ("3",))),
        Block(kind="image", text="A bridge", image=Image(url="https://example.com/1.jpg", width=640)),
    ),
    extraction=Extraction(version="1", fields={"title": Evidence(origin="json-ld", text="পুতিন")}),
)


def later(hours: int, **fields: Any) -> Any:
    """Return the article as it is fetched some hours later."""
    return replace(FIRST, fetched_at=FIRST.fetched_at + timedelta(hours=hours), **fields)


@pytest.fixture
def stack(make_stack: Callable[..., EmbeddedStack]) -> EmbeddedStack:
    return make_stack(Delivery="ENABLED")


Happens = Callable[..., list[dict[str, Any]]]
Throttle = Callable[[dict[str, int]], None]


@pytest.fixture
def happens(stack: EmbeddedStack, clock: time_machine.Traveller) -> Happens:
    """Put versions of articles into the archive, one after the other, and return the rows."""

    def put(*versions: Any) -> list[dict[str, Any]]:
        for version in versions:
            stack.archive.put(version)
            stack.run()
            clock.shift(1)
        assert stack.dead_letters() == []
        return delivered_rows(stack)

    return put


def titles(rows: list[dict[str, Any]]) -> list[str]:
    return [row["title"] for row in rows]


def test_unless_it_is_asked_for_nothing_is_delivered(make_stack: Callable[..., EmbeddedStack]) -> None:
    stack = make_stack()
    assert "DeliverFunction" not in stack.functions
    # The bucket stays for what was delivered before.
    assert [name for name in stack.outputs if name.startswith("Deliver")] == ["DeliveryBucketName"]


def test_an_article_that_is_stored_is_delivered_with_all_columns(happens: Happens) -> None:
    (row,) = happens(FIRST)
    assert row.keys() == {column.name for column in schema.COLUMNS}
    assert (row["article_id"], row["title"], row["word_count"]) == ("id1", FIRST.title, 0)
    assert row["published_at"] == row["listed_at"] == "2023-08-15T23:23:00Z"
    assert row["fetched_at"] == "2023-08-16T07:00:00Z"
    assert (row["kicker"], row["tags"], row["modified_at"]) == (None, [], None)
    assert row["authors"][1] == {"name": "A. Writer", "url": "https://example.com/writer", "kind": None}
    assert row["body"][1]["rows"] == [["1", "2"], ["3"]]
    assert row["evidence"][0]["field"] == "title"


def test_a_revision_is_a_row_more(happens: Happens) -> None:
    assert titles(happens(FIRST, later(2, title="Title 2"))) == [FIRST.title, "Title 2"]


def test_an_article_that_is_again_as_it_was_is_a_row_more(happens: Happens) -> None:
    assert titles(happens(FIRST, later(2, title="Title 2"), later(3))) == [FIRST.title, "Title 2", FIRST.title]


def test_a_page_that_is_read_otherwise_than_before_is_a_row_more(happens: Happens) -> None:
    rows = happens(FIRST, replace(FIRST, dateline="Dhaka"), replace(FIRST, authors=()))
    assert [(row["dateline"], len(row["authors"])) for row in rows] == [(None, 2), ("Dhaka", 2), (None, 0)]


def test_a_fetch_whose_text_an_earlier_one_has_is_a_row_more_once_it_is_read_otherwise(happens: Happens) -> None:
    rows = happens(FIRST, later(2), later(2, dateline="Dhaka", extraction=Extraction(version="2")))
    assert [row["dateline"] for row in rows] == [None, "Dhaka"]


@pytest.mark.parametrize(
    "same", [later(2), later(2, tags=("bridge",)), FIRST, later(-3, title="Title 0")], ids=["1", "2", "3", "4"]
)
def test_an_article_that_is_as_it_was_makes_no_row(happens: Happens, same: Any) -> None:
    assert titles(happens(FIRST, same)) == [FIRST.title]


def test_that_an_article_is_gone_makes_no_row(stack: EmbeddedStack, happens: Happens) -> None:
    happens(FIRST)
    stack.archive.mark_gone("id1", MORNING + timedelta(hours=5), "http_410")
    assert titles(happens()) == [FIRST.title]


def test_of_what_was_forgotten_before_it_was_delivered_nothing_is(stack: EmbeddedStack) -> None:
    for version in (FIRST, later(2, title="Title 2"), article(2)):
        stack.archive.put(version)
    remains = stack.archive.forget("id1", MORNING + timedelta(hours=5))
    assert remains is not None
    stack.archive.erase("id1", remains, MORNING + timedelta(hours=5))
    stack.run()
    assert [row["article_id"] for row in delivered_rows(stack)] == ["id2"]
    assert stack.dead_letters() == []


def test_changes_that_come_at_once_are_one_row_as_the_article_is_now(stack: EmbeddedStack) -> None:
    stack.archive.put(FIRST)
    stack.archive.put(later(2, title="Title 2"))
    stack.run()
    assert [row["title"] for row in delivered_rows(stack)] == ["Title 2"]


def record(name: str, number: int = 1) -> dict[str, Any]:
    """Return one of the records of events/, of another article for each number."""
    names = {"stored": 0, "fetched again": 1, "read again": 2}
    text = (ROOT / "events" / "deliver-stream.json").read_text()
    found: dict[str, Any] = json.loads(text)["Records"][names[name]]
    found["dynamodb"]["Keys"]["pk"] = {"S": f"article#id{number}"}
    found["dynamodb"]["SequenceNumber"] = str(1000 + number)
    return found


def put_many(stack: EmbeddedStack, count: int) -> None:
    """Put articles into the archive that are delivered by what the test invokes alone."""
    for number in range(count):
        stack.archive.put(article(number))


def test_what_cannot_be_understood_is_put_aside_by_its_key_and_its_neighbours_are_delivered(
    stack: EmbeddedStack,
) -> None:
    put_many(stack, 3)
    poison = record("fetched again", 1)
    del poison["dynamodb"]["OldImage"]["content"]
    answer = stack.invoke("DeliverFunction", {"Records": [record("stored", 0), poison, record("stored", 2)]})
    assert answer == {"batchItemFailures": []}
    assert [row["article_id"] for row in delivered_rows(stack)] == ["id0", "id2"]
    (letter,) = stack.dead_letters()
    assert (letter.queue, letter.reason) == ("DeliverDeadLetterQueue", "not_an_item")
    assert "content" in (letter.detail or "")
    assert json.loads(letter.body)["dynamodb"].keys() & {"Keys", "SequenceNumber", "NewImage", "OldImage"} == {
        "Keys",
        "SequenceNumber",
    }


def test_an_article_that_is_larger_than_firehose_takes_is_put_aside_with_its_reason(stack: EmbeddedStack) -> None:
    large = tuple(Block(kind="paragraph", text=f"সেতু {number} " * 40) for number in range(1000))
    stack.archive.put(article(1, body=large))
    stack.archive.put(article(2))
    stack.run()
    assert [row["article_id"] for row in delivered_rows(stack)] == ["id2"]
    (letter,) = stack.dead_letters()
    assert letter.reason == "row_too_large"
    assert json.loads(letter.body)["dynamodb"]["Keys"]["pk"] == {"S": "article#id1"}


@pytest.mark.parametrize("event", [{}, {"Records": [{"messageId": "1"}]}, {"Records": [{"dynamodb": {}}]}])
def test_an_event_of_something_else_is_refused(stack: EmbeddedStack, event: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="expected records of a stream"):
        stack.invoke("DeliverFunction", event)


@pytest.fixture
def throttle(monkeypatch: pytest.MonkeyPatch) -> Throttle:
    """Make Firehose refuse rows of some articles so many times each, and take the others."""
    put = FirehoseBackend.put_record_batch

    def begin(refusals: dict[str, int]) -> None:
        def is_refused(each: Any) -> bool:
            article_id = json.loads(each["Data"])["article_id"]
            refusals[article_id] = refusals.get(article_id, 0) - 1
            return refusals[article_id] >= 0

        def put_some(backend: Any, name: str, records: list[Any]) -> dict[str, Any]:
            refused = [is_refused(each) for each in records]
            taken = [each for each, no in zip(records, refused, strict=True) if not no]
            ids: Iterator[Any] = iter(put(backend, name, taken)["RequestResponses"] if taken else ())
            error = {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
            answers = [error if no else next(ids) for no in refused]
            return {"FailedPutCount": sum(refused), "Encrypted": False, "RequestResponses": answers}

        monkeypatch.setattr(FirehoseBackend, "put_record_batch", put_some)

    return begin


def test_of_a_batch_only_the_rows_that_were_refused_are_put_again(stack: EmbeddedStack, throttle: Throttle) -> None:
    throttle({"id1": 2, "id3": 1})
    put_many(stack, 5)
    batch = [record("stored", number) for number in range(5)]
    assert stack.invoke("DeliverFunction", {"Records": batch}) == {"batchItemFailures": []}
    assert sorted(row["article_id"] for row in delivered_rows(stack)) == [f"id{number}" for number in range(5)]


def test_the_first_record_whose_row_is_never_taken_is_told(stack: EmbeddedStack, throttle: Throttle) -> None:
    throttle({"id1": 99, "id3": 99})
    put_many(stack, 5)
    batch = [record("stored", number) for number in range(5)]
    answer = stack.invoke("DeliverFunction", {"Records": batch})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1001"}]}
    assert sorted(row["article_id"] for row in delivered_rows(stack)) == ["id0", "id2", "id4"]
    stack.log.seek(0)
    said = stack.log.read()
    assert '"RowsDelivered":[3.0]' in said.replace(" ", "")
    assert "row_not_taken" in said


def test_where_firehose_is_not_reached_rows_are_delivered_later() -> None:
    calls: list[str] = []

    def fail(call: str) -> None:
        if call == "firehose.PutRecordBatch":
            calls.append(call)
            if len(calls) <= 5:
                raise EndpointConnectionError(endpoint_url="https://firehose.example")

    with EmbeddedStack(PARAMETERS | {"Delivery": "ENABLED"}, on_call=fail) as stack:
        put_many(stack, 7)
        stack.run()
        assert {row["article_id"] for row in delivered_rows(stack)} == {f"id{number}" for number in range(7)}
        assert stack.dead_letters() == []


@pytest.mark.slow
def test_what_firehose_never_takes_is_put_aside_by_its_place_in_the_stream(
    stack: EmbeddedStack, throttle: Throttle
) -> None:
    throttle({"id1": 9999})
    stack.archive.put(FIRST)
    stack.run()
    (letter,) = stack.dead_letters()
    assert letter.queue == "DeliverDeadLetterQueue"
    assert json.loads(letter.body)["DDBStreamBatchInfo"]["batchSize"] == 1


# What DuckDB calls the types of Hive.
TYPES = {"string": "VARCHAR", "int": "INTEGER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP"}


def duckdb_type(hive: str) -> str:
    """Return a type of the table in Glue as DuckDB writes it."""
    if hive.startswith("array<"):
        return f"{duckdb_type(hive[6:-1])}[]"
    if hive.startswith("struct<"):
        return f"STRUCT({', '.join(fields(hive[7:-1]))})"
    return TYPES[hive]


def fields(inner: str) -> Iterator[str]:
    """Yield the fields of a struct, between its brackets."""
    depth, start = 0, 0
    for place, char in enumerate(inner + ","):
        depth += (char == "<") - (char == ">")
        if char == "," and not depth:
            name, _, kind = inner[start:place].partition(":")
            yield f'"{name}" {duckdb_type(kind)}'
            start = place + 1


def documented_query() -> str:
    """Return the query that the manual shows."""
    text = (ROOT / "docs" / "guide" / "export.md").read_text()
    return text.partition("```sql\n")[2].partition("```")[0].rstrip().rstrip(";")


def test_rows_fit_the_types_of_the_table_and_the_documented_query_takes_the_newest_of_each_article(
    stack: EmbeddedStack, happens: Happens, tmp_path: Path
) -> None:
    happens(FIRST, later(2, title="Title 2"), article(2))
    # Twice, as deliveries come.
    stack.invoke("DeliverFunction", {"Records": [record("stored", 1), record("stored", 2)]})
    found = delivered_rows(stack)
    assert [row["article_id"] for row in found] == ["id1", "id1", "id2", "id1", "id2"]
    for number, row in enumerate(found):
        (tmp_path / f"{number}.json").write_text(json.dumps(row))
    columns = RESOURCES["DeliveryTable"].properties["TableInput"]["StorageDescriptor"]["Columns"]
    read = {column["Name"]: duckdb_type(column["Type"]) for column in columns}
    with duckdb.connect() as database:
        database.execute("CREATE SCHEMA khobor; USE khobor")
        relation = database.read_json(str(tmp_path / "*.json"), columns=read, filename=True)
        relation.project('*, filename AS "$path"').create_view("articles")
        rows = database.execute('SELECT title, published_at, body FROM khobor.articles ORDER BY "$path"').fetchall()
        assert rows[0][:2] == (FIRST.title, datetime(2023, 8, 15, 23, 23, tzinfo=UTC).replace(tzinfo=None))
        assert rows[0][2][2]["image"]["width"] == 640
        newest = database.execute(documented_query()).fetchall()
    assert newest == [("example", 2)]
