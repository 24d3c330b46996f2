"""A stack that is deployed on AWS, reached with the user's own credentials.

boto3 finds credentials, region and endpoint by itself: the profile (``AWS_PROFILE``), ``AWS_REGION``,
``AWS_ENDPOINT_URL`` (https://docs.aws.amazon.com/sdkref/latest/guide/overview.html).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from khobor.errors import CommandError

Stack = Annotated[str, typer.Option(envvar="KHOBOR_STACK", help="Name of the stack that is deployed on AWS.")]
STACK = "khobor"
# AWS answers in less. boto3 waits a minute for each of ten attempts, and a user takes a silent endpoint for a hang.
_CONNECT_SECONDS, _READ_SECONDS = 5, 10
_ATTEMPTS = 3


@contextmanager
def limited_waits() -> Iterator[None]:
    """Let the clients that boto3 makes here give up within half a minute where nothing answers.

    A client with a configuration of its own keeps it. ``AWS_MAX_ATTEMPTS`` or the profile may ask for more attempts.
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3
    import botocore.session
    from botocore.config import Config

    # A session that is set up already, such as an embedded stack's, keeps its own configuration.
    if boto3.DEFAULT_SESSION is not None:
        yield
        return
    session = botocore.session.Session()
    config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS)
    if session.get_config_variable("max_attempts") is None:
        config = config.merge(Config(retries={"total_max_attempts": _ATTEMPTS, "mode": "standard"}))
    session.set_default_client_config(config)
    boto3.setup_default_session(botocore_session=session)
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = None


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
