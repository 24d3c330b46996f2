"""The benchmark of the start-up compares a function with boto3 and the clients that the function makes."""

import os
import sys

import pytest
from tests.benchmarks.startup import USUAL, bare
from tests.conftest import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "clients"),
    [("store", ["s3", "dynamodb", "sqs"]), ("announce", ["events", "sqs"]), ("api", ["dynamodb"])],
)
def test_the_clients_are_those_that_the_function_makes_when_it_starts(function: str, clients: list[str]) -> None:
    folders = [ROOT / "functions" / function, *sys.path]
    names = "ARCHIVE_TABLE DEAD_LETTER_QUEUE_URL EVENT_BUS MAX_RECEIVE_COUNT RAW_BUCKET SOURCES_SECONDS"
    settings = dict.fromkeys(names.split(), "1")
    variables = settings | USUAL | {"INDEXES": "none", "PYTHONPATH": os.pathsep.join(map(str, folders))}
    made = "; ".join(f"boto3.client({client!r})" for client in clients)
    assert bare(variables) == f"import boto3; {made}"
