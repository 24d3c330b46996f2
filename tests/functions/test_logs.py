"""A log line about one record never has facts of another."""

import json
from typing import Any

from tests.articles import article
from tests.example_pages import page

from khobor.archive import codec
from khobor.article import RawReference
from khobor.aws.s3_events import event_of
from khobor.embedded.stack import EmbeddedStack


def batch(*bodies: str) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1"}
    records = [{"messageId": str(number), "body": body, "attributes": attributes} for number, body in enumerate(bodies)]
    return {"Records": records}


def lines(stack: EmbeddedStack) -> list[dict[str, Any]]:
    stack.log.seek(0)
    read = [json.loads(line) for line in stack.log if line.startswith("{")]
    return [line for line in read if "message" in line]


def test_of_a_message_that_parse_cannot_read_it_says_nothing_of_the_page_before(stack: EmbeddedStack) -> None:
    stack.upload("uploads/page.html", page())
    reference = RawReference(bucket=stack.outputs["RawBucketName"], key="uploads/page.html")
    stack.invoke("ParseFunction", batch(json.dumps(event_of(reference)), "no event"))
    parsed, refused = lines(stack)
    assert (parsed["message"], parsed["key"]) == ("parsed", "uploads/page.html")
    assert refused["reason"] == "not_an_s3_event"
    assert not refused.keys() & {"key", "article_id", "url"}


def test_of_a_message_that_store_cannot_read_it_says_nothing_of_the_article_before(stack: EmbeddedStack) -> None:
    stack.invoke("StoreFunction", batch(json.dumps({"article": json.loads(codec.encode(article(1)))}), "no article"))
    stored, refused = lines(stack)
    assert (stored["message"], stored["article_id"], stored["source"]) == ("stored", "id1", "example")
    assert refused["reason"] == "not_an_article"
    assert not refused.keys() & {"key", "article_id", "url"}


def test_a_page_that_is_not_there_is_named_by_its_key_alone(stack: EmbeddedStack) -> None:
    reference = RawReference(bucket=stack.outputs["RawBucketName"], key="pages/gone.html.gz")
    stack.invoke("ParseFunction", event_of(reference))
    (line,) = lines(stack)
    assert (line["reason"], line["key"]) == ("no_such_object", "pages/gone.html.gz")
