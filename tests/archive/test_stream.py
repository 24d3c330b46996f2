from typing import Any

import pytest

from khobor.archive.dynamodb.stream import read_change, read_headline_change, record_article_id
from khobor.errors import PermanentError

KEYS = {"pk": {"S": "article#id1"}, "sk": {"S": "headline"}}
HEADLINE = {
    "version": {"S": "2026-03-01T09:00:00+00:00#2026-03-01T09:00:00+00:00#ab"},
    "content": {"S": "c"},
    "revisions": {"N": "1"},
    "listed_at": {"S": "2026-03-01T09:00:00+00:00"},
}


def record(**attributes: Any) -> dict[str, Any]:
    return {"dynamodb": {"Keys": KEYS, "NewImage": HEADLINE | attributes}}


def test_a_headline_is_read_the_same_way_for_events_and_rows() -> None:
    change = read_headline_change(record(title={"S": "পুতিন"}))
    assert change == read_change(record(title={"S": "পুতিন"}))
    assert change is not None
    assert (change.article_id, change.after.texts, change.after.gone_at) == ("id1", {"title": "পুতিন"}, None)


@pytest.mark.parametrize(
    "broken",
    [
        "a text",
        ["a list"],
        {},
        {"dynamodb": "a text"},
        {"dynamodb": {"Keys": KEYS, "NewImage": {}}},
        record(content={"S": 5}),
        record(title={"S": ["a list"]}),
        record(version={"S": "no version"}),
        record(revisions={"N": float("inf")}),
        record(listed_at={"S": "soon"}),
        record(changes={"SS": [5]}),
        record(gone_at={"S": "2026-03-01T09:00:00+00:00"}),
    ],
    ids=lambda broken: str(broken)[-60:],
)
def test_a_record_that_khobor_did_not_write_is_refused(broken: Any) -> None:
    with pytest.raises(PermanentError, match="not_a_headline"):
        read_headline_change(broken)
    with pytest.raises(PermanentError, match="not_an_item"):
        read_change(broken)


@pytest.mark.parametrize("broken", ["a text", {}, {"dynamodb": {"Keys": {"pk": {"S": 5}}}}])
def test_a_record_without_an_article_is_refused(broken: Any) -> None:
    with pytest.raises(PermanentError, match="not_an_item"):
        record_article_id(broken)
