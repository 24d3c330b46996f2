"""A stack that is deployed on AWS, reached with the user's own credentials.

boto3 finds credentials, region and endpoint by itself: the profile (``AWS_PROFILE``), ``AWS_REGION``,
``AWS_ENDPOINT_URL`` (https://docs.aws.amazon.com/sdkref/latest/guide/overview.html).
"""

from typing import Annotated

import typer

from khobor.errors import CommandError

Stack = Annotated[str, typer.Option(envvar="KHOBOR_STACK", help="Name of the stack that is deployed on AWS.")]
STACK = "khobor"


def outputs(stack: str, *names: str) -> tuple[str, ...]:
    """Return outputs of a deployed stack.

    Args:
        stack: The stack's name.
        names: Names of the outputs, such as ``ArchiveTableName``.

    Raises:
        CommandError: It lacks one of them.
        BotoCoreError: AWS is not reached; ClientError where it refuses, or has no such stack.
    """
    status, found = _described(stack)
    if missing := [name for name in names if name not in found]:
        raise CommandError(
            f"the stack {stack} ({status}) has no output {', '.join(missing)}: "
            "give the one that khobor was deployed as with --stack, or deploy this version of khobor to it"
        )
    return tuple(found[name] for name in names)


def output_if_any(stack: str, name: str) -> str | None:
    """Return an output that a deployed stack has only with some parameters; raises as ``outputs`` does."""
    _, found = _described(stack)
    return found.get(name)


def _described(stack: str) -> tuple[str, dict[str, str]]:
    """Return the status of a stack and its outputs."""
    import boto3

    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    found = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
    return described["StackStatus"], found
