from khobor.dead_letters.messages import count, peek
from khobor.embedded.stack import EmbeddedStack


def test_looking_takes_nothing_out(stack: EmbeddedStack) -> None:
    url = stack.outputs["ParseDeadLetterQueueUrl"]
    for number in range(23):
        stack.sqs.send_message(
            QueueUrl=url,
            MessageBody=f"page {number}",
            MessageAttributes={"reason": {"DataType": "String", "StringValue": "no_body"}},
        )
    for _ in range(2):
        letters = peek(stack.sqs, url, 50)
        assert {letter.body for letter in letters} == {f"page {number}" for number in range(23)}
        assert {(letter.reason, letter.detail) for letter in letters} == {("no_body", None)}
    assert len(peek(stack.sqs, url, 5)) == 5
    assert count(stack.sqs, url) == 23
    assert len(stack.dead_letters()) == 23


def test_urls_of_several_hosts_are_looked_at(stack: EmbeddedStack) -> None:
    url = stack.outputs["FetchDeadLetterQueueUrl"]
    for host in ("a.example", "b.example"):
        stack.sqs.send_message(QueueUrl=url, MessageBody=host, MessageGroupId=host, MessageDeduplicationId=host)
    for _ in range(2):
        assert {letter.body for letter in peek(stack.sqs, url, 50)} == {"a.example", "b.example"}
