"""Failures that the client of the HTTP API did not cause."""

import json

from khobor.embedded.stack import EmbeddedStack
from khobor.url import article_id

ID = article_id("https://example.com/1")


def test_what_crashes_is_told_to_the_log_and_not_to_who_asks(stack: EmbeddedStack) -> None:
    broken = {"pk": {"S": f"article#{ID}"}, "sk": {"S": "seen"}, "at never gone": {"S": "http_410"}}
    stack.dynamodb.put_item(TableName=stack.outputs["ArchiveTableName"], Item=broken)
    answer = stack.request("GET", f"/articles/{ID}/revisions")
    assert (answer.status, json.loads(answer.body)["reason"]) == (500, "crashed")
    assert b"never" not in answer.body
    stack.log.seek(0)
    said = stack.log.read()
    assert "Invalid isoformat string: 'never'" in said
    assert '"reason":"crashed"' in said


def test_while_aws_fails_it_is_asked_to_try_again(stack: EmbeddedStack) -> None:
    stack.dynamodb.delete_table(TableName=stack.outputs["ArchiveTableName"])
    answer = stack.request("GET", f"/articles/{ID}")
    assert (answer.status, json.loads(answer.body)["reason"]) == (503, "aws_failed")
    assert answer.headers["retry-after"] == "1"
