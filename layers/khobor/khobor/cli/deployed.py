"""A stack deployed on AWS, accessed with the user's own credentials.

boto3 finds credentials, region and endpoint itself: the profile (``AWS_PROFILE``), ``AWS_REGION``,
``AWS_ENDPOINT_URL`` (https://docs.aws.amazon.com/sdkref/latest/guide/overview.html).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.errors import CommandError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

Stack = Annotated[str, typer.Option(envvar="KHOBOR_STACK", help="Name of the stack on AWS.")]
STACK = "khobor"
# AWS answers faster. By default boto3 waits a minute for each of ten attempts, which looks like a hang.
_CONNECT_SECONDS, _READ_SECONDS = 5, 10
_ATTEMPTS = 3


@contextmanager
def limited_waits() -> Iterator[None]:
    """Let boto3 clients that are created in this context give up within half a minute if nothing answers.

    A client with a configuration of its own keeps it. ``AWS_MAX_ATTEMPTS`` or the profile may ask for more attempts.
    """
    # Here, not above: it takes a second to import, and --help should not.
    import boto3
    import botocore.session
    from botocore.config import Config

    # An existing session, such as that of an embedded stack, keeps its configuration.
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
        BotoCoreError: AWS cannot be reached; ClientError if it refuses, or there is no such stack.
    """
    status, found = _described(stack)
    if missing := [name for name in names if name not in found]:
        raise CommandError(
            f"the stack {stack} ({status}) has no output {', '.join(missing)}: "
            "give the stack of khobor with --stack, or deploy this version of khobor to it"
        )
    return tuple(found[name] for name in names)


def output_if_any(stack: str, name: str) -> str | None:
    """Return an output that depends on the stack's parameters; None if the stack does not have it.

    Args:
        stack: The stack's name.
        name: Name of the output.

    Raises:
        BotoCoreError: AWS cannot be reached; ClientError if it refuses, or there is no such stack.
    """
    _, found = _described(stack)
    return found.get(name)


def parameter_if_any(stack: str, name: str) -> str | None:
    """Return a parameter of a deployed stack; None if the stack does not have it.

    Args:
        stack: The stack's name.
        name: Name of the parameter.

    Raises:
        BotoCoreError: AWS cannot be reached; ClientError if it refuses, or there is no such stack.
    """
    given = _description(stack).get("Parameters", ())
    return next((each["ParameterValue"] for each in given if each["ParameterKey"] == name), None)


def _described(stack: str) -> tuple[str, dict[str, str]]:
    """Return the status of a stack and its outputs."""
    described = _description(stack)
    found = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
    return described["StackStatus"], found


def _description(stack: str) -> "StackTypeDef":
    import boto3

    return boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
