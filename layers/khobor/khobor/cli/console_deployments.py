"""A deployment as the console needs it: the embedded stack, or one that is deployed."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from khobor.cli.deployed import output_if_any, outputs

if TYPE_CHECKING:
    from khobor.console.aws_deployment import AwsDeployment
    from khobor.embedded.stack import EmbeddedStack

# Longer than the fetch function may take, so that it is not asked twice.
_FETCH_SECONDS = 150
# A reader does not wait longer for messages that are not to be delivered yet, such as of a host that is left alone.
_RUN_SECONDS = 10.0


def embedded_deployment(stack: "EmbeddedStack") -> "AwsDeployment":
    """Return an embedded stack as the console needs it."""
    from khobor.cli.redrive_targets import sender
    from khobor.console.aws_deployment import AwsClients, AwsDeployment
    from khobor.embedded.function import FunctionError
    from khobor.errors import PermanentError

    def fetch(url: str) -> Mapping[str, Any]:
        try:
            (result,) = stack.invoke("FetchFunction", {"url": url})["results"]
        except FunctionError as error:
            raise PermanentError("crashed", str(error)) from error
        found: Mapping[str, Any] = result
        return found

    one_at_a_time = Lock()

    def run_queues() -> None:
        with one_at_a_time:
            stack.run(_RUN_SECONDS)

    return AwsDeployment(
        name="A stack in this process",
        clients=AwsClients(s3=stack.s3, sqs=stack.sqs, dynamodb=stack.dynamodb),
        outputs=stack.outputs,
        fetcher=fetch,
        runner=run_queues,
        sender=lambda stage: sender(stage, lambda *names: [stack.outputs[name] for name in names]),
        # After that, the queues are empty, and no result is to be expected.
        longest_wait=timedelta(0),
    )


def aws_deployment(stack: str, name: str) -> "AwsDeployment":
    """Return a deployed stack as the console needs it; raises as ``outputs`` does.

    Args:
        stack: Its name.
        name: What a reader knows it by.
    """
    import json

    import boto3
    from botocore.config import Config

    from khobor.cli.redrive_targets import sender
    from khobor.console.aws_deployment import OPTIONAL_OUTPUTS, OUTPUTS, AwsClients, AwsDeployment
    from khobor.errors import PermanentError

    found = dict(zip(OUTPUTS, outputs(stack, *OUTPUTS), strict=True))
    found |= {name: value for name in OPTIONAL_OUTPUTS if (value := output_if_any(stack, name))}
    config = Config(read_timeout=_FETCH_SECONDS, retries={"max_attempts": 0})
    functions = boto3.client("lambda", config=config)
    clients = AwsClients(s3=boto3.client("s3"), sqs=boto3.client("sqs"), dynamodb=boto3.client("dynamodb"))

    def fetch(url: str) -> Mapping[str, Any]:
        answer = functions.invoke(FunctionName=found["FetchFunctionName"], Payload=json.dumps({"url": url}).encode())
        told = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise PermanentError("crashed", str(told.get("errorMessage", told)))
        result: Mapping[str, Any] = told["results"][0]
        return result

    return AwsDeployment(
        name=name,
        clients=clients,
        outputs=found,
        fetcher=fetch,
        runner=lambda: None,
        sender=lambda stage: sender(stage, partial(outputs, stack)),
    )
