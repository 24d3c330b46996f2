"""Where the dead-letter messages of each stage are sent back to."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from khobor import stages
from khobor.stages import Stage

if TYPE_CHECKING:
    from khobor.dead_letters.redriving import Send

# Values of outputs of a stack's template, by their names.
Outputs = Callable[..., Sequence[str]]


def sender(stage: Stage, outputs: Outputs) -> "Send":
    """Return what sends the dead-letter messages of a stage back.

    Args:
        stage: The stage.
        outputs: Gives the outputs of the stack's template.
    """
    import boto3

    from khobor.dead_letters import redriving

    if stage is stages.ANNOUNCE:
        return _to_event_bus(outputs)
    if stage is stages.DELIVER:
        return _to_delivery_stream(outputs)
    (url,) = outputs(stage.queue_output)
    sqs = boto3.client("sqs")
    return redriving.to_fetch_queue(sqs, url) if stage is stages.FETCH else redriving.to_queue(sqs, url)


def _to_event_bus(outputs: Outputs) -> "Send":
    import boto3

    from khobor.announce.announcements import announcement
    from khobor.announce.event_bus import EventBus
    from khobor.archive.dynamodb.stream import read_headline_change
    from khobor.dead_letters import redriving

    (name,) = outputs("EventBusName")
    event_bus = EventBus(boto3.client("events"), name)
    streams = boto3.client("dynamodbstreams")
    return redriving.to_event_bus(event_bus, streams, lambda record: announcement(read_headline_change(record)))


def _to_delivery_stream(outputs: Outputs) -> "Send":
    import boto3

    from khobor.archive.dynamodb.archive import DynamoDBArchive
    from khobor.archive.dynamodb.stream import record_article_id
    from khobor.dead_letters import redriving
    from khobor.deliver.delivery_stream import DeliveryStream, check_size
    from khobor.export.json_row import json_row

    table, name = outputs("ArchiveTableName", "DeliveryStreamName")
    archive = DynamoDBArchive(boto3.client("dynamodb"), table)

    def row(article_id: str) -> bytes | None:
        article = archive.get(article_id)
        return check_size(json_row(article)) if article else None

    delivery_stream = DeliveryStream(boto3.client("firehose"), name)
    return redriving.to_delivery_stream(delivery_stream, boto3.client("dynamodbstreams"), record_article_id, row)
