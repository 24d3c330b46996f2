"""The stack as SAM deploys it, on an emulator that enforces IAM."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.conftest import PARAMETERS

from khobor.archive.dynamodb.archive import DynamoDBArchive
from khobor.article import Article
from khobor.embedded.account import REGION, STACK_NAME
from khobor.embedded.emulator import Emulator, deploy, start, stop
from khobor.embedded.web import serve
from khobor.sources.registry import bundled_sources

SOURCE = b'version = 1\npublisher = "The Bridge"\nhosts = ["bridge.example"]\n'
DAILY = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1/daily"]
enabled = true
[discovery]
feeds = ["{site}/feed"]
interval_minutes = 5
[fetching]
delay_seconds = 0.5
"""


class Deployed:
    """The deployed stack, from outside."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.outputs = emulator.outputs()
        self.s3 = emulator.client("s3")
        self.pages: dict[str, bytes] = {}
        self.site = ""
        self.archive = DynamoDBArchive(emulator.client("dynamodb"), self.outputs["ArchiveTableName"])

    def upload(self, key: str, body: bytes, **metadata: str) -> None:
        self.s3.put_object(Bucket=self.outputs["RawBucketName"], Key=key, Body=body, Metadata=metadata)

    def article(self, title: str) -> Article:
        """Wait for the article of a title."""

        def found() -> Article | None:
            return next((article for article in self.archive.articles() if article.title == title), None)

        return self.emulator.wait_for(found)

    def dead_letter(self, queue: str) -> dict[str, Any]:
        """Wait for a message in a dead-letter queue and take it out."""
        sqs, url = self.emulator.client("sqs"), self.outputs[f"{queue}Url"]

        def found() -> dict[str, Any] | None:
            answer = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=1)
            return next(iter(answer.get("Messages", [])), None)

        message = self.emulator.wait_for(found)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return message

    def ask(self, path: str, credentials: Credentials | None) -> tuple[int, bytes]:
        """Ask the HTTP API, signed with credentials, or unsigned; return status and body."""
        api = self.outputs["ApiUrl"].partition("//")[2].partition(".")[0]
        # ministack has the stage in the path where the host is not the API's own.
        url = f"{self.emulator.endpoint}/_aws/execute-api/{api}/$default{path}"
        request = AWSRequest("GET", url)
        if credentials is not None:
            SigV4Auth(credentials, "execute-api", REGION).add_auth(request)
        with urllib3.PoolManager(ca_certs=self.emulator.certificate, retries=False) as http:
            answer = http.request("GET", url, headers=dict(request.headers))
            return answer.status, answer.data

    def athena(self, query: str) -> list[list[str]]:
        """Return the rows that answer a query."""
        athena = self.emulator.client("athena")
        query_id = athena.start_query_execution(
            QueryString=query, ResultConfiguration={"OutputLocation": "s3://answers/"}
        )["QueryExecutionId"]

        def state() -> str | None:
            status = athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]
            assert status["State"] != "FAILED", status
            return "SUCCEEDED" if status["State"] == "SUCCEEDED" else None

        self.emulator.wait_for(state)
        rows = athena.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
        # The first has the names of the columns.
        return [[cell.get("VarCharValue", "") for cell in row["Data"]] for row in rows[1:]]

    def role_of(self, name: str) -> str:
        """Return the ARN of a function's role."""
        resources = self.emulator.client("cloudformation").describe_stack_resource(
            StackName=STACK_NAME, LogicalResourceId=f"{name}Role"
        )
        role = resources["StackResourceDetail"]["PhysicalResourceId"]
        arn: str = self.emulator.client("iam").get_role(RoleName=role)["Role"]["Arn"]
        return arn

    def credentials(self, name: str) -> Credentials:
        """Return the credentials of a function's role, which trusts the account's root for as long as this takes."""
        arn, iam = self.role_of(name), self.emulator.client("iam")
        account, role = arn.split(":")[4], arn.rpartition("/")[2]
        trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
        opened = trust | {"Statement": [*trust["Statement"], root]}
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(opened))
        given = self.emulator.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=json.dumps(trust))
        return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def as_function(self, name: str, service: str) -> Any:
        """Return a client with the rights of a function's role."""
        given = self.credentials(name)
        return self.emulator.client(
            service,
            aws_access_key_id=given.access_key,
            aws_secret_access_key=given.secret_key,
            aws_session_token=given.token or "",
        )


@pytest.fixture(scope="session")
def deployed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    installed = request.config.getoption("--emulator") / "venv"
    emulator = start(tmp_path_factory.mktemp("emulator"), installed, port=port, enforce_iam=True)
    try:
        deploy(emulator, PARAMETERS | {"DiscoverySchedule": "DISABLED", "Delivery": "ENABLED"})
        running = Deployed(emulator)
        # Before anything runs: what runs looks for sources again after minutes only.
        running.upload("sources/bridge.toml", SOURCE)
        # A tick is for all sources, and nobody else's site is to be asked.
        kalbela = bundled_sources().files["kalbela.toml"].replace("enabled = true", "enabled = false")
        running.upload("sources/kalbela.toml", kalbela.encode())
        with serve(running.pages) as running.site:
            running.upload("sources/daily.toml", DAILY.format(site=running.site).encode())
            yield running
    finally:
        stop(emulator)
