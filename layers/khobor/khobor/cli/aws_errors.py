"""Messages for the errors of AWS and boto3."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN = {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation", "403"}
_NO_CREDENTIALS = "there are no AWS credentials"
_ENDPOINT = "check the network and AWS_ENDPOINT_URL, and try again"
_LOG_IN = "log in again, for example with: aws sso login"


def aws_error(error: Exception) -> str | None:
    """Return the message of an error that boto3 raised; None for any other."""
    # If it was never imported, it raised nothing; importing it takes long.
    if "botocore.exceptions" not in sys.modules:
        return None
    from botocore.exceptions import BotoCoreError, ClientError

    match error:
        case ClientError():
            return _refused(error)
        case BotoCoreError():
            return _not_reached(error)
    return None


def _refused(error: "ClientError") -> str:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message") or "no reason was given"
    if code == "ValidationError" and "does not exist" in message:
        return f"{message}: give the name of the stack with --stack, and its region with AWS_REGION"
    if code in _EXPIRED:
        return f"the AWS credentials have expired: {_LOG_IN}"
    if code in _UNKNOWN:
        return f"AWS does not know these credentials ({code}): aws configure list shows which ones are used"
    if code in _DENIED:
        return f"AWS does not allow {error.operation_name}: {message}"
    return f"AWS refused {error.operation_name} ({code}): {message}"


def _not_reached(error: "BotoCoreError") -> str:
    from botocore import exceptions

    endpoint = error.kwargs.get("endpoint_url")
    words = {
        exceptions.ReadTimeoutError: f"{endpoint} accepts connections but does not answer: {_ENDPOINT}",
        exceptions.ConnectTimeoutError: f"{endpoint} does not answer: {_ENDPOINT}",
        exceptions.NoRegionError: "there is no AWS region: set AWS_REGION, or run aws configure",
        exceptions.InvalidRegionError: f"{error}: set AWS_REGION to one such as eu-central-1",
        exceptions.NoCredentialsError: f"{_NO_CREDENTIALS}: set AWS_PROFILE, or run aws configure",
        exceptions.PartialCredentialsError: f"{_NO_CREDENTIALS} ({error}): set AWS_PROFILE, or run aws configure",
        exceptions.TokenRetrievalError: f"the AWS credentials cannot be loaded ({error}): {_LOG_IN}",
        exceptions.UnauthorizedSSOTokenError: f"the AWS credentials cannot be loaded ({error}): {_LOG_IN}",
        exceptions.SSOTokenLoadError: f"the AWS credentials cannot be loaded ({error}): {_LOG_IN}",
        exceptions.ProfileNotFound: f"{error}: aws configure list-profiles lists them",
        exceptions.ConfigParseError: f"the AWS configuration cannot be read: {error}",
        exceptions.ParamValidationError: f"AWS does not accept a value: {' '.join(str(error).split())}",
    }
    found = next((text for kind, text in words.items() if isinstance(error, kind)), None)
    return found or f"AWS cannot be reached: {error}"
