"""A stack that is deployed on AWS, reached with the user's own credentials.

boto3 finds credentials, region and endpoint by itself: the profile (``AWS_PROFILE``), ``AWS_REGION``,
``AWS_ENDPOINT_URL`` (https://docs.aws.amazon.com/sdkref/latest/guide/overview.html).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from khobor.cli.terminal import errors

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

Stack = Annotated[str, typer.Option(envvar="KHOBOR_STACK", help="Name of the stack that is deployed on AWS.")]
STACK = "khobor"


_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_LOG_IN = "log in again, such as with: aws sso login"


def outputs(stack: str, *names: str) -> tuple[str, ...]:
    """Return outputs of a deployed stack; says what is wrong and exits where it cannot.

    Args:
        stack: The stack's name.
        names: Names of the outputs, such as ``ArchiveTableName``.
    """
    status, found = _described(stack)
    if missing := [name for name in names if name not in found]:
        _fail(
            f"the stack {stack} ({status}) has no output {', '.join(missing)}: "
            "give the one that khobor was deployed as with --stack, or deploy this version of khobor to it"
        )
    return tuple(found[name] for name in names)


def output_if_any(stack: str, name: str) -> str | None:
    """Return an output that a deployed stack has only with some parameters; exits as ``outputs`` does."""
    _, found = _described(stack)
    return found.get(name)


def _described(stack: str) -> tuple[str, dict[str, str]]:
    """Return the status of a stack and its outputs."""
    import boto3

    with failures_said():
        described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    found = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())}
    return described["StackStatus"], found


@contextmanager
def failures_said() -> Iterator[None]:
    """Say what AWS refused, or why it is not reached, with what to do, and exit with status 1."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        _fail(_refused(error), error)
    except BotoCoreError as error:
        _fail(_not_reached(error), error)


def _refused(error: "ClientError") -> str:
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if code == "ValidationError" and "does not exist" in message:
        return f"{message}: give its name with --stack; sam list stack-outputs shows one, AWS_REGION says where it is"
    if code in _EXPIRED:
        return f"the AWS credentials have expired: {_LOG_IN}"
    if code in _UNKNOWN:
        return f"AWS does not know these credentials ({code}): see with aws configure list which they are"
    if code in _DENIED:
        return f"AWS does not allow {error.operation_name}: {message}"
    return str(error)


def _not_reached(error: "BotoCoreError") -> str:
    from botocore import exceptions

    match error:
        case exceptions.NoRegionError():
            return "there is no AWS region: set AWS_REGION, or run aws configure"
        case exceptions.NoCredentialsError() | exceptions.PartialCredentialsError():
            return f"there are no AWS credentials ({error}): set AWS_PROFILE, or run aws configure"
        case exceptions.TokenRetrievalError() | exceptions.UnauthorizedSSOTokenError() | exceptions.SSOTokenLoadError():
            return f"the AWS credentials cannot be had ({error}): {_LOG_IN}"
        case exceptions.ProfileNotFound():
            return f"{error}: see with aws configure list-profiles which there are"
    return f"AWS is not reached: {error}"


def _fail(message: str, error: Exception | None = None) -> None:
    errors.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(1) from error
