"""Queries over HTTP, against the whole stack."""

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import jsonschema
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.articles import MORNING, article
from tests.conftest import PARAMETERS

from khobor.archive import codec
from khobor.article import Author, Block, Candidate, Evidence, Extraction, Image, Link, RawReference, Video
from khobor.embedded.gateway import GatewayResponse
from khobor.embedded.stack import EmbeddedStack
from khobor.query.openapi import ALL_OPERATIONS
from khobor.url import article_id

URL = "https://example.com/1"
ID = article_id(URL)
NOBODY = article_id("https://example.com/nobody")
OTHER_URL = "https://other.example/city/2"
BODY = (
    Block(kind="paragraph", text="পদ্মা সেতুতে ৫ জন নিহত।"),
    Block(kind="image", text="The bridge", image=Image(url="https://example.com/a.jpg", caption="The bridge")),
    Block(kind="table", text="a\tb", rows=(("a", "b"),)),
)
FULL: dict[str, Any] = {
    "article_id": ID,
    "title": "The bridge opens",
    "section": "City",
    "tags": ("Metro Rail",),
    "authors": (Author(name="Ann Lee"),),
    "body": BODY,
    "images": (Image(url="https://example.com/a.jpg", width=1, height=2),),
    "videos": (Video(url="https://example.com/v"),),
    "links": (Link(url="https://example.com/b"),),
    "raw": RawReference(bucket="b", key="k"),
    "extraction": Extraction(
        version="1",
        fields={"title": Evidence(origin="meta", text="a", disputed_by=(Candidate(origin="meta", text="b"),))},
    ),
}
LATER = {
    "title": "The bridge closes",
    "modified_at": MORNING + timedelta(hours=2),
    "images": (Image(url="https://example.com/c.jpg"),),
    "body": (
        Block(kind="paragraph", text="পদ্মা সেতুতে ৭ জন নিহত।"),
        *BODY[1:],
        Block(kind="embed", url="https://e.example"),
    ),
    "fetched_at": MORNING + timedelta(hours=2),
}


COPIES = [article_id(f"https://example.com/copy/{number}") for number in range(2)]
AGENCY = " ".join(
    f"Sentence {number} of the agency tells of the {number}th span of the bridge." for number in range(40)
)


@pytest.fixture(scope="module")
def archive() -> Iterator[EmbeddedStack]:
    """A stack with an article of three revisions, of which the last is that it is gone, and another article."""
    with EmbeddedStack(PARAMETERS) as stack:
        stack.archive.put(article(1, **FULL))
        stack.archive.put(article(1, **FULL | LATER))
        stack.archive.mark_gone(ID, MORNING + timedelta(hours=3), "http_410")
        other = {"article_id": article_id(OTHER_URL), "url": OTHER_URL, "canonical_url": OTHER_URL}
        stack.archive.put(article(2, source="kalbela", title="Ferries sail", **other))
        for number, copy in enumerate(COPIES):
            body = (Block(kind="paragraph", text=AGENCY + f" Edited by {number}."),)
            published_at = MORNING + timedelta(days=90, hours=number)
            stack.archive.put(
                article(3, article_id=copy, source=f"copier{number}", body=body, published_at=published_at)
            )
        stack.upload("sources/bad.toml", b"version = 1\n")
        yield stack


def ask(stack: EmbeddedStack, path: str, **query: str) -> GatewayResponse:
    return stack.request("GET", f"{path}?{urlencode(query)}" if query else path)


def answered(stack: EmbeddedStack, path: str, **query: str) -> Any:
    answer = ask(stack, path, **query)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json"), answer.body
    return json.loads(answer.body)


def refused(answer: GatewayResponse) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    jsonschema.validate(problem, schema("ProblemDetails"))
    assert problem["status"] == answer.status
    return answer.status, problem["reason"]


def titles(stack: EmbeddedStack, **query: str) -> list[str]:
    return [each["title"] for each in answered(stack, "/articles", **query)["articles"]]


def strict(value: Any) -> Any:
    """Return a schema by which an object has nothing but what is described."""
    if isinstance(value, list):
        return [strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    closed = {"additionalProperties": False} if isinstance(value.get("properties"), dict) else {}
    return closed | {name: strict(each) for name, each in value.items()}


def schema(name: str) -> dict[str, Any]:
    described = json.loads(next(each for each in ALL_OPERATIONS if each.name == "getDescription").ask(None, {}))  # type: ignore[arg-type] # it asks nobody
    components = strict(described["components"]["schemas"])
    return {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}


BRIDGE, FERRIES = "The bridge closes", "Ferries sail"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"source": "example"}, [BRIDGE]),
        ({"source": "nobody"}, []),
        ({"section": "city"}, [BRIDGE]),
        ({"tag": "metro-rail"}, [BRIDGE]),
        ({"author": "ANN LEE"}, [BRIDGE]),
        ({"words": "bridge"}, [BRIDGE]),
        ({"change": "headline"}, [BRIDGE]),
        ({"change": "gone"}, [BRIDGE]),
        ({"change": "stealth"}, []),
        ({"url": URL}, [BRIDGE]),
        ({"url": "https://example.com/none"}, []),
        ({"day": "2023-08-16"}, [FERRIES, BRIDGE]),
        ({"day": "2023-08-15"}, []),
        ({"day": "2023-08-16", "tag": "metro rail"}, [BRIDGE]),
        ({"day": "2023-08-17", "source": "example"}, []),
        ({"source": "example", "since": "2023-08-16T12:01:00+06:00"}, [BRIDGE]),
        ({"source": "example", "since": "2023-08-16T06:01:01Z"}, []),
        ({"source": "example", "until": "2023-08-16T06:01:00Z"}, []),
        ({"source": "example", "since": "2023-08-16", "until": "2023-08-17"}, [BRIDGE]),
        ({"since": "2023-08-16", "until": "2023-08-17"}, [FERRIES, BRIDGE]),
        ({"since": "2023-08-16T06:02:00Z", "until": "2023-08-16T06:03:00Z"}, [FERRIES]),
        ({"since": "2023-08-17", "until": "2023-08-20"}, []),
        ({"words": "opens"}, [BRIDGE]),
    ],
)
def test_articles_are_found_by_one_index(archive: EmbeddedStack, query: dict[str, str], found: list[str]) -> None:
    assert titles(archive, **query) == found


def test_without_a_filter_there_are_the_newest_that_are_not_dated_later(
    clock: time_machine.Traveller, archive: EmbeddedStack
) -> None:
    clock.move_to(MORNING + timedelta(hours=4))
    assert titles(archive, limit="2") == [FERRIES, BRIDGE]


@pytest.mark.parametrize(
    "query",
    [
        {"source": "a", "tag": "b"},
        {"words": "a", "source": "b"},
        {"words": "a", "since": "2023-08-16"},
        {"words": "a", "day": "2023-08-16"},
        {"url": URL, "day": "2023-08-16"},
        {"day": "2023-08-16", "since": "2023-08-16"},
        {"order": "added", "source": "example"},
        {"order": "added", "day": "2023-08-16"},
        {"source": "a", "day": "2023-08-16", "until": "2023-08-17"},
    ],
)
def test_what_no_index_answers_is_refused_with_what_can_be_asked(archive: EmbeddedStack, query: dict[str, str]) -> None:
    answer = ask(archive, "/articles", **query)
    assert refused(answer) == (400, "bad_combination")
    detail = json.loads(answer.body)["detail"]
    assert f"answers {', '.join(sorted(query, key=ORDER.index))} together: ask by at most one of source" in detail


ORDER = ("source", "section", "tag", "author", "words", "change", "day", "url", "since", "until", "order")


@pytest.mark.parametrize(
    ("path", "refusal"),
    [
        ("/articles?source=a&since=2023-08-17&until=2023-08-16", (400, "bad_span")),
        ("/articles?words=%21", (400, "no_words")),
        ("/articles?source=", (400, "bad_source")),
        ("/articles?author=%20", (400, "bad_author")),
        ("/articles?url=no+url", (400, "bad_url")),
        (f"/articles?url={quote(URL)}&cursor=abc", (400, "bad_cursor")),
        ("/articles?cursor=abc", (400, "bad_cursor")),
        ("/articles?cursor=%3Cb%3E", (400, "bad_cursor")),
        (f"/articles?source=a&cursor={'W' * 2000}", (400, "bad_cursor")),
        ("/articles?limit=1000", (400, "bad_limit")),
        ("/articles?colour=red", (400, "unknown_parameter")),
        ("/articles?tag=a&tag=b", (400, "repeated_parameter")),
        ("/articles/archive", (400, "bad_article_id")),
        ("/articles/%0D%0AX-A:b", (404, "unknown_path")),
        ("/articles/<script>", (400, "bad_article_id")),
        (f"/articles/{ID.upper()}/revisions", (400, "bad_article_id")),
        (f"/articles/{ID}/revisions/0", (400, "bad_number")),
        (f"/articles/{ID}/revisions/first", (400, "bad_number")),
        (f"/articles/{ID}/revisions/1/difference", (400, "no_revision_before")),
        (f"/articles/{ID}/revisions/1/difference?from=0", (400, "bad_from")),
        (f"/articles/{NOBODY}", (404, "unknown_article")),
        (f"/articles/{NOBODY}/revisions", (404, "unknown_article")),
        (f"/articles/{NOBODY}/revisions/1", (404, "unknown_article")),
        (f"/articles/{NOBODY}/revisions/2/difference", (404, "unknown_article")),
        (f"/articles/{ID}/revisions/9", (404, "unknown_revision")),
        (f"/articles/{ID}/revisions/2/difference?from=9", (404, "unknown_revision")),
        (f"/articles/{NOBODY}/similar", (404, "unknown_article")),
        (f"/articles/{ID}/comments", (404, "unknown_path")),
        ("/", (404, "unknown_path")),
        ("/articles/", (404, "unknown_path")),
        ("//articles", (404, "unknown_path")),
        ("/articles/a/b/c/%22%3E", (404, "unknown_path")),
    ],
)
def test_a_request_that_cannot_be_answered_is_told_why(
    archive: EmbeddedStack, path: str, refusal: tuple[int, str]
) -> None:
    answer = archive.request("GET", path)
    assert refused(answer) == refusal
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/articles", f"/articles/{ID}", "/openapi.json"])
def test_nothing_is_written(archive: EmbeddedStack, method: str, path: str) -> None:
    answer = archive.request(method, path)
    assert refused(answer) == (405, "bad_method")
    assert answer.headers["allow"] == "GET, HEAD"
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_head_tells_what_get_would(archive: EmbeddedStack) -> None:
    head, get = (archive.request(method, f"/articles/{ID}") for method in ("HEAD", "GET"))
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


def test_a_list_is_read_page_by_page(archive: EmbeddedStack) -> None:
    for number in range(1, 6):
        archive.archive.put(article(number, source="daily", published_at=MORNING + timedelta(days=number)))
    found: list[str] = []
    query = {"source": "daily", "limit": "2"}
    while True:
        page = answered(archive, "/articles", **query)
        found += [each["title"] for each in page["articles"]]
        if "cursor" not in page:
            break
        query["cursor"] = page["cursor"]
    assert found == [f"Title {number}" for number in (5, 4, 3, 2, 1)]
    assert refused(ask(archive, "/articles", **query | {"source": "other"})) == (400, "bad_cursor")


def test_an_article_is_as_it_is_exported(archive: EmbeddedStack) -> None:
    newest = archive.archive.get(ID)
    assert newest is not None
    assert ask(archive, f"/articles/{ID}").body == codec.export(newest)
    assert answered(archive, f"/articles/{ID}/revisions/1")["title"] == "The bridge opens"
    assert answered(archive, f"/articles/{ID}/revisions/3")["title"] == BRIDGE


def test_revisions_tell_what_changed_and_when(archive: EmbeddedStack) -> None:
    first, second, third = answered(archive, f"/articles/{ID}/revisions")["revisions"]
    assert (first["number"], first["changes"]) == (1, [])
    assert second["changes"] == ["headline", "body"]
    assert datetime.fromisoformat(second["modified_at"]) == MORNING + timedelta(hours=2)
    assert (third["changes"], third["first_seen_at"]) == (["gone"], "2023-08-16T09:00:00Z")


def test_a_difference_shows_the_words_that_changed(archive: EmbeddedStack) -> None:
    found = answered(archive, f"/articles/{ID}/revisions/2/difference")
    (title,) = (each for each in found["fields"] if each["name"] == "title")
    assert (title["before"], title["after"]) == ("The bridge opens", BRIDGE)
    changed = [each for each in found["paragraphs"] if each["change"] == "changed"]
    assert [part["text"] for part in changed[0]["segments"] if part["kind"] != "equal"] == ["৫", "৭"]
    assert found["paragraphs"][1]["change"] == "unchanged"
    back = answered(archive, f"/articles/{ID}/revisions/1/difference", **{"from": "2"})
    assert [each["name"] for each in back["fields"]] == [each["name"] for each in found["fields"]]
    assert (back["before"], back["after"]) == (2, 1)


def test_a_copy_is_found_by_its_text(archive: EmbeddedStack) -> None:
    (found,) = answered(archive, f"/articles/{COPIES[1]}/similar")["articles"]
    assert found["headline"]["article_id"] == COPIES[0]
    assert found["headline"]["source"] == "copier0"
    assert found["resemblance"] > 0.8
    assert answered(archive, f"/articles/{ID}/similar")["articles"] == []


def test_sources_tell_whether_they_are_enabled_their_newest_and_what_is_wrong(archive: EmbeddedStack) -> None:
    for _ in range(2):
        found = answered(archive, "/sources")
        sources = {each["name"]: each for each in found["sources"]}
        assert sources["kalbela"]["is_enabled"] is True
        assert sources["kalbela"]["newest"]["title"] == FERRIES
        assert (sources["bdnews24"]["is_enabled"], "newest" in sources["bdnews24"]) == (False, False)
        assert {problem.partition(":")[0] for problem in found["problems"]} == {"bad.toml"}


def test_what_is_known_is_not_sent_again(archive: EmbeddedStack) -> None:
    path = f"/articles/{ID}/revisions/1"
    tag = archive.request("GET", path).headers["etag"]
    again = archive.request("GET", path, {"If-None-Match": tag})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    other = archive.request("GET", f"/articles/{ID}", {"If-None-Match": tag})
    assert other.status == 200


def test_an_answer_is_compressed_for_who_takes_that(archive: EmbeddedStack) -> None:
    plain = archive.request("GET", "/openapi.json")
    packed = archive.request("GET", "/openapi.json", {"Accept-Encoding": "gzip, deflate"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_a_huge_article_is_for_who_takes_it_compressed(archive: EmbeddedStack) -> None:
    paragraph = Block(kind="paragraph", text="পদ্মা সেতুতে যান চলাচল শুরু। " * 40)
    huge = article_id("https://example.com/huge")
    archive.archive.put(article(9, source="huge", article_id=huge, body=(paragraph,) * 700))
    assert refused(archive.request("GET", f"/articles/{huge}")) == (406, "too_large")
    answer = archive.request("GET", f"/articles/{huge}", {"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(answer.body))["body"]) == 700


# Of the document: by the name of each operation, what its path and query are filled with.
EXAMPLES = {
    "listArticles": [
        "/articles",
        "/articles?source=example",
        "/articles?change=body",
        "/articles?day=2023-08-16&limit=1",
        f"/articles?url={quote(URL)}",
    ],
    "getArticle": [f"/articles/{ID}"],
    "listRevisions": [f"/articles/{ID}/revisions"],
    "getRevision": [f"/articles/{ID}/revisions/{number}" for number in (1, 2, 3)],
    "getDifference": [
        f"/articles/{ID}/revisions/2/difference",
        f"/articles/{ID}/revisions/3/difference?from=1",
        f"/articles/{ID}/revisions/3/difference",
    ],
    "listSimilar": [f"/articles/{COPIES[0]}/similar", f"/articles/{ID}/similar"],
    "listSources": ["/sources"],
    "getDescription": ["/openapi.json"],
}


def test_the_document_describes_each_operation_as_it_answers(archive: EmbeddedStack) -> None:
    document = answered(archive, "/openapi.json")
    described = {each["get"]["operationId"]: each["get"] for each in document["paths"].values()}
    assert described.keys() == EXAMPLES.keys()
    components = {"components": {"schemas": strict(document["components"]["schemas"])}}
    for name, paths in EXAMPLES.items():
        (content,) = described[name]["responses"]["200"]["content"].values()
        for path in paths:
            jsonschema.validate(answered(archive, path), content["schema"] | components)


def test_every_schema_of_the_document_is_one(archive: EmbeddedStack) -> None:
    document = answered(archive, "/openapi.json")
    for each in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(each)
    for operation in (each["get"] for each in document["paths"].values()):
        for parameter in operation["parameters"]:
            jsonschema.Draft202012Validator.check_schema(parameter["schema"])
        for response in operation["responses"].values():
            if "$ref" in response:
                assert response["$ref"].rpartition("/")[2] in document["components"]["responses"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_the_document_does_not_describe_is_refused(archive: EmbeddedStack, name: str) -> None:
    path = EXAMPLES[name][0].partition("?")[0]
    assert refused(ask(archive, path, undescribed="1")) == (400, "unknown_parameter")


VALUES = {
    "source": "example",
    "section": "City",
    "tag": "a",
    "author": "a",
    "change": "gone",
    "words": "bridge",
    "url": URL,
    "day": "2023-08-16",
    "since": "2023-08-16T06:00:00Z",
    "until": "2023-08-17",
    "order": "added",
    "limit": "1",
    "from": "1",
}


def test_what_a_parameter_is_described_to_take_it_takes_and_nothing_else(archive: EmbeddedStack) -> None:
    document = answered(archive, "/openapi.json")
    for path, operation in ((path, each["get"]) for path, each in document["paths"].items()):
        filled = path.format(article_id=ID, number=2)
        for parameter in operation["parameters"]:
            name, described = parameter["name"], parameter["schema"]
            if parameter["in"] == "path" or name == "cursor":
                continue
            value = VALUES[name]
            jsonschema.validate(int(value) if described["type"] == "integer" else value, described)
            alone = {"source": "example"} if name in {"since", "until"} else {}
            assert ask(archive, filled, **alone, **{name: value}).status == 200
            too_long = "9" * (described.get("maxLength", 30) + 1)
            assert refused(ask(archive, filled, **{name: too_long})) == (400, f"bad_{name}")


@pytest.mark.slow
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/articles", f"/articles/{ID}", "/articles/{}", f"/articles/{ID}/revisions/{{}}", "/{}"]),
    text=st.text(max_size=40),
    query=st.dictionaries(st.sampled_from([*VALUES, "cursor"]), st.text(max_size=40), max_size=3),
)
def test_whatever_is_asked_nothing_crashes(archive: EmbeddedStack, path: str, text: str, query: dict[str, str]) -> None:
    encoded = urlencode(query, errors="surrogatepass")
    answer = archive.request("GET", f"{path.format(quote(text, errors='surrogatepass', safe=''))}?{encoded}")
    assert answer.status in {200, 400, 404}
    json.loads(answer.body)


def test_each_change_says_what_the_title_was_and_what_it_became(archive: EmbeddedStack) -> None:
    (row,) = answered(archive, "/articles", change="headline")["articles"]
    assert (row["title_before"], row["title"], row["revision"]) == ("The bridge opens", "The bridge closes", 2)
    assert set(row["changes"]) == {"headline", "body"}


def test_an_earlier_headline_finds_the_article_and_is_named(archive: EmbeddedStack) -> None:
    (found,) = answered(archive, "/articles", words="bridge opens")["articles"]
    assert (found["title"], found["earlier_title"]) == ("The bridge closes", "The bridge opens")


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        (
            {"source": "exampel"},
            "no source 'exampel' is known, and the archive has no article of it; did you mean ex",
        ),
        ({"source": "Kalbella"}, "did you mean kalbela?"),
        (
            {"source": "example", "day": "2023-08-19"},
            "of example on 2023-08-19; the nearest is of 2023-08-16",
        ),
        ({"source": "example", "since": "2024-01-01"}, "no article of example from 2024-01-01 on"),
        ({"section": "Ctiy"}, "no article has the section 'Ctiy'; did you mean City?"),
        ({"tag": "metro-rial"}, "no article has the tag 'metro-rial'"),
        ({"author": "Nobody"}, "no article has the author 'Nobody'"),
        ({"change": "stealth"}, "no article has changed in this way"),
        ({"words": "bridges"}, "no title, and no earlier one, has all words of 'bridges'"),
        ({"url": "https://example.com/none"}, "no article at https://example.com/none"),
        ({"day": "2023-08-15"}, "no article on 2023-08-15"),
    ],
)
def test_an_empty_list_says_why(archive: EmbeddedStack, query: dict[str, str], notice: str) -> None:
    found = answered(archive, "/articles", **query)
    assert found["articles"] == []
    assert notice in found["notice"]


def test_a_list_that_has_something_has_no_notice(archive: EmbeddedStack) -> None:
    assert "notice" not in answered(archive, "/articles", source="example")


def test_where_nothing_is_recent_those_that_were_added_last_are_listed_with_a_notice(
    clock: time_machine.Traveller, archive: EmbeddedStack
) -> None:
    clock.move_to(MORNING + timedelta(days=900))
    quiet = answered(archive, "/articles", limit="2")
    added = answered(archive, "/articles", limit="2", order="added")
    assert quiet["notice"].startswith("Nothing was published within the last days")
    assert quiet["articles"] == added["articles"]
    assert len(quiet["articles"]) == 2
    later = answered(archive, "/articles", limit="2", cursor=quiet["cursor"])
    assert later["articles"]
    assert not {each["article_id"] for each in later["articles"]} & {each["article_id"] for each in quiet["articles"]}
