"""The stack on ministack, an emulator of AWS on this machine; SAM deploys to it as to an account.

ministack runs the functions without Docker, with its own Python version, so the layers are built for that version.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import boto3
import urllib3

from khobor.embedded.account import REGION, STACK_NAME
from khobor.embedded.project import CHECKOUT, TEMPLATE
from khobor.errors import CommandError

_Result = TypeVar("_Result")

_PORT = 4566
_START_SECONDS = 60.0
_STOP_SECONDS = 10.0
# The file that records which process runs in the folder.
_RECORD = "running.json"
_HTTP_OK = 200
_ANY = "x-amazon-apigateway-any-method"
_BATCHES = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}


class EmulatorError(CommandError):
    """The emulator or the deployment failed; the message says where to look."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator.

    Attributes:
        folder: The folder of its files.
        port: The port on the loopback address.
        pid: The id of its process.
        process: The process; None if another program started it.
    """

    folder: str
    port: int
    pid: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def endpoint(self) -> str:
        """The endpoint URL of every service."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def certificate(self) -> str:
        """The file of its TLS certificate."""
        return str(Path(self.folder, "tmp", "ministack-tls", "server.crt"))

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point SAM, the AWS CLI and boto3 to it, with its root credentials."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_CA_BUNDLE": self.certificate,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def client(self, service: str, **credentials: str) -> Any:
        """Return a boto3 client.

        Args:
            service: The name of the service.
            credentials: Parameters such as ``aws_access_key_id``; by default those of root.
        """
        make_client: Any = boto3.Session(region_name=REGION).client
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"} | credentials
        return make_client(service, endpoint_url=self.endpoint, verify=self.certificate, **keys)

    def wait_for(self, get: Callable[[], _Result | None], seconds: float = 60.0) -> _Result:
        """Call a function until it returns a result, and return that.

        Args:
            get: Returns the result, or None as long as there is none.
            seconds: How long to wait.

        Raises:
            EmulatorError: There is no result in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if result := get():
                return result
            time.sleep(0.2)
        raise EmulatorError(f"there is no result after {seconds:g} seconds; see {self.folder}/ministack.log")

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the stack."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def start(folder: Path, installed: Path, *, port: int = _PORT, enforce_iam: bool = False) -> Emulator:
    """Start ministack, and wait until it answers.

    Args:
        folder: The folder for its files.
        installed: The virtual environment that it is installed in.
        port: The port on the loopback address.
        enforce_iam: Whether IAM policies are enforced; the credentials ``test`` remain those of root.

    Raises:
        EmulatorError: It did not start; the message names its log.
    """
    folder = folder.resolve()
    log = folder / "ministack.log"
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    environment = _environment(folder, port, enforce_iam=enforce_iam)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [installed.resolve() / "bin" / "ministack"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    emulator = Emulator(str(folder), port, process.pid, process)
    if not _wait_until_ready(emulator, process):
        stop(emulator)
        raise EmulatorError(f"the emulator did not start on port {port}; see {log}")
    (folder / _RECORD).write_text(json.dumps({"folder": emulator.folder, "port": emulator.port, "pid": emulator.pid}))
    return emulator


def stop(emulator: Emulator) -> None:
    """Stop the emulator and its functions, unless it has stopped already."""
    with suppress(ProcessLookupError):
        os.killpg(emulator.pid, signal.SIGTERM)
        if not _ends(emulator):
            os.killpg(emulator.pid, signal.SIGKILL)
            if emulator.process is not None:
                emulator.process.wait()
    Path(emulator.folder, _RECORD).unlink(missing_ok=True)


def build(folder: Path) -> dict[str, str]:
    """Build the functions and layers for this machine and the current Python version.

    Args:
        folder: The folder for the built template and the layers.

    Returns:
        The template parameters for what was built.

    Raises:
        EmulatorError: SAM failed; the message contains its output.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    architecture = "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"
    built_for = {"Runtime": f"python{version}"}
    _sam(
        ["build", "--template-file", str(TEMPLATE), "--build-dir", str(folder), *_overrides(built_for)],
        {"KHOBOR_PYTHON": version, "KHOBOR_ARCHITECTURE": architecture},
    )
    return built_for


def deploy(emulator: Emulator, parameters: Mapping[str, str]) -> None:
    """Build the stack for this machine, and deploy it with SAM.

    Args:
        emulator: The emulator.
        parameters: The parameters of the template.

    Raises:
        EmulatorError: SAM failed; the message contains its output.
    """
    folder = Path(emulator.folder, "build")
    overrides = _overrides(build(folder) | dict(parameters))
    # There is no samconfig.toml beside the built template; the project's own would ask before it deploys.
    deploying = ["deploy", "--template-file", str(folder / "template.yaml"), "--stack-name", STACK_NAME]
    options = ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    _sam([*deploying, *options, "--no-fail-on-empty-changeset", *overrides], emulator.environment)
    _grant_batches(emulator)
    _make_routes(emulator)


def _grant_batches(emulator: Emulator) -> None:
    """Allow the batch operations of SQS to every role that may use the single ones.

    On AWS, both need the same permission; the emulator requires separate ones.
    """
    iam = emulator.client("iam")
    resources = emulator.client("cloudformation").describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    for role in (each for each in resources if each["ResourceType"] == "AWS::IAM::Role"):
        role_name = {"RoleName": role["PhysicalResourceId"]}
        for policy in iam.list_role_policies(**role_name)["PolicyNames"]:
            document = iam.get_role_policy(**role_name, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
                statement["Action"] = [*actions, *(_BATCHES[action] for action in actions if action in _BATCHES)]
            iam.put_role_policy(**role_name, PolicyName=policy, PolicyDocument=json.dumps(document))


def _make_routes(emulator: Emulator) -> None:
    """Create the routes of the HTTP API from its OpenAPI description, which the emulator, unlike AWS, does not read."""
    cloudformation, gateway = emulator.client("cloudformation"), emulator.client("apigatewayv2")
    template = cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    resources = cloudformation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    physical_ids = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}
    for name in (name for name, each in template["Resources"].items() if each["Type"] == "AWS::ApiGatewayV2::Api"):
        api = {"ApiId": physical_ids[name]}
        # The routes of the previous deployment.
        for route in gateway.get_routes(**api)["Items"]:
            gateway.delete_route(**api, RouteId=route["RouteId"])
        for key, operation in _routes(template["Resources"][name]["Properties"]["Body"]):
            calls = operation["x-amazon-apigateway-integration"]
            function = physical_ids[calls["uri"]["Fn::Sub"].partition("functions/${")[2].partition(".")[0]]
            uri = emulator.client("lambda").get_function(FunctionName=function)["Configuration"]["FunctionArn"]
            version = calls["payloadFormatVersion"]
            integration = gateway.create_integration(
                **api, IntegrationType="AWS_PROXY", IntegrationUri=uri, PayloadFormatVersion=version
            )
            target = f"integrations/{integration['IntegrationId']}"
            is_signed = any("AWS_IAM" in each for each in operation.get("security", []))
            authorization = "AWS_IAM" if is_signed else "NONE"
            gateway.create_route(**api, RouteKey=key, Target=target, AuthorizationType=authorization)


def _routes(description: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each route of an OpenAPI description: its key and its operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            verb = "ANY" if method == _ANY else method.upper()
            yield "$default" if operation.get("isDefaultRoute") else f"{verb} {path}", operation


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]


def running(folder: Path) -> Emulator | None:
    """Return the emulator that runs in a folder; None if there is none."""
    record = folder / _RECORD
    if not record.exists():
        return None
    emulator = Emulator(**json.loads(record.read_text()))
    return emulator if _is_ready(emulator) else None


def _environment(folder: Path, port: int, *, enforce_iam: bool) -> dict[str, str]:
    # Without the user's own variables: ministack passes them on to the functions.
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "state"),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "USE_SSL": "1",
        "AUTH": "true" if enforce_iam else "false",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _sam(arguments: list[str], environment: Mapping[str, str]) -> None:
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [str(Path(sys.executable).with_name("sam")), *arguments]
    result = subprocess.run(
        command,
        cwd=CHECKOUT,
        env=others | {"SAM_CLI_TELEMETRY": "0"} | dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise EmulatorError(f"sam {arguments[0]} failed:\n{result.stdout[-3000:]}{result.stderr[-3000:]}")


def _ends(emulator: Emulator) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        if emulator.process is not None and emulator.process.poll() is not None:
            return True
        os.kill(emulator.pid, 0)
        time.sleep(0.1)
    return False


def _wait_until_ready(emulator: Emulator, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _is_ready(emulator):
            return True
        time.sleep(0.2)
    return False


def _is_ready(emulator: Emulator) -> bool:
    if not Path(emulator.certificate).exists():
        return False
    with urllib3.PoolManager(ca_certs=emulator.certificate, retries=False, timeout=2) as http:
        try:
            return http.request("GET", f"{emulator.endpoint}/_ministack/ready").status == _HTTP_OK
        except urllib3.exceptions.HTTPError:
            return False
