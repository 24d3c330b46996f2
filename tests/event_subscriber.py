"""A queue that receives the events of the event bus."""

import json
from typing import Any

from khobor.embedded.stack import EmbeddedStack


class Subscriber:
    """A queue that receives every event of khobor."""

    def __init__(self, stack: EmbeddedStack) -> None:
        self._sqs = stack.sqs
        self._url = stack.sqs.create_queue(QueueName="subscriber")["QueueUrl"]
        arn = stack.sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        where = {"Rule": "all", "EventBusName": stack.outputs["EventBusName"]}
        stack.events.put_rule(
            Name="all", EventBusName=where["EventBusName"], EventPattern=json.dumps({"source": ["khobor"]})
        )
        stack.events.put_targets(**where, Targets=[{"Id": "queue", "Arn": arn}])

    def take(self) -> list[dict[str, Any]]:
        """Return the events since the last call, in order."""
        events = []
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                events.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return events
