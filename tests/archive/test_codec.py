import json
from datetime import UTC, datetime

import pytest
from tests.articles import article

from khobor.archive import codec
from khobor.article import Article, Author, Block, Candidate, Evidence, Extraction
from khobor.errors import PermanentError

ARTICLE = Article(
    article_id="abc",
    title="পুতিন-কিমের চিঠি বিনিময়",
    authors=(Author(name="কালবেলা ডেস্ক"),),
    published_at=datetime(2023, 8, 15, 23, 23, tzinfo=UTC),
    body=(Block(kind="paragraph", text="One."), Block(kind="heading", text="Two", level=2)),
    fetched_at=datetime(2023, 8, 16, tzinfo=UTC),
    extraction=Extraction(version="1", fields={"title": Evidence(origin="meta", text="x")}),
    content_hash="0",
)


def test_an_article_comes_back_as_it_was() -> None:
    back = codec.decode(codec.encode(ARTICLE))
    assert back == ARTICLE
    assert codec.encode(back) == codec.encode(ARTICLE)


def test_an_article_of_which_a_field_stood_in_an_empty_place_comes_back() -> None:
    empty = Evidence(origin="meta", text="", others=(Candidate(origin="url", text=""),))
    kept = article(extraction=Extraction(version="1", fields={"title": empty}))
    assert codec.decode(codec.encode(kept)) == kept


def test_the_exported_article_is_one_line_with_its_text_and_nothing_empty_within() -> None:
    line = codec.export(ARTICLE)
    assert b"\n" not in line
    exported = json.loads(line)
    assert exported["body_text"] == "One.\n\nTwo"
    assert exported["published_at"] == "2023-08-15T23:23:00Z"
    assert exported["authors"] == [{"name": "কালবেলা ডেস্ক"}]
    assert exported["description"] is None


def test_an_article_that_came_back_is_exported_as_it_was() -> None:
    bare = article(source=None, kicker=None)
    assert codec.export(codec.decode(codec.encode(bare))) == codec.export(bare)
    assert json.loads(codec.export(bare))["source"] is None


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "malformed|truncated"),
        ("[]", "object"),
        ('{"article_id": 7}', r"\$\.article_id"),
        ('{"article_id": "a", "fetched_at": "yesterday"}', r"\$\.fetched_at"),
        (b"\xff\xfe", "malformed|utf-8"),
    ],
)
def test_what_is_no_article_is_said_to_be_none_with_the_place(text: str, path: str) -> None:
    with pytest.raises(PermanentError, match=f"not_an_article.*({path})"):
        codec.decode(text)


def test_an_article_that_was_stored_with_its_simhash_is_read_without_it() -> None:
    stored = codec.encode(ARTICLE).replace(b'{"article_id"', b'{"simhash":"00ff00ff00ff00ff","article_id"', 1)
    assert b"simhash" in stored
    assert codec.decode(stored) == codec.decode(codec.encode(ARTICLE))
