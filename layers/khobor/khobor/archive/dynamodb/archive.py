"""The archive on DynamoDB: reader, writer and eraser in one, for callers that need more than one of them."""

from khobor.archive.dynamodb.eraser import DynamoDBEraser
from khobor.archive.dynamodb.moves import DynamoDBMovingWriter
from khobor.archive.dynamodb.reader import DynamoDBReader
from khobor.archive.interface import Archive


class DynamoDBArchive(DynamoDBReader, DynamoDBMovingWriter, DynamoDBEraser, Archive):
    """Reads, writes and erases articles of the archive table."""
