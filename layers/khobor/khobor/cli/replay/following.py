"""Follows a replay that the state machine of a deployed stack runs."""

import json
import time
from collections.abc import Iterator
from typing import Any

import typer

from khobor.cli.deployed import outputs
from khobor.cli.replay.progress import progress_bar
from khobor.cli.replay.report import gathered, show
from khobor.cli.terminal import errors
from khobor.errors import CommandError

_POLL_SECONDS = 2.0
_ENDED = {"FAILED", "TIMED_OUT", "ABORTED"}


def follow_replay(name: str, stack: str, *, as_json: bool | None) -> None:
    """Show the progress of a replay until it ends, and then its report; a failed replay is resumed.

    Args:
        name: Name of the replay.
        stack: Name of the stack.
        as_json: The option ``--json``.

    Raises:
        CommandError: The stack has no such replay.
    """
    import boto3

    bucket, machine = outputs(stack, "RawBucketName", "ReplayStateMachineArn")
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    states = boto3.client("stepfunctions")
    with progress_bar() as progress:
        execution: Any = _execution(states, arn, name, stack)
        if execution["status"] in _ENDED:
            states.redrive_execution(executionArn=arn)
        task = progress.add_task("batches", total=None) if progress else None
        while (execution := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
            if progress and task is not None:
                done, total = _counts(states, arn)
                progress.update(task, completed=done, total=total or None)
            time.sleep(_POLL_SECONDS)
        report = gathered(bucket, name)
    show(report, is_dry_run=json.loads(execution["input"])["run"].get("is_dry_run", False), as_json=as_json)
    if execution["status"] != "SUCCEEDED":
        what = execution.get("cause") or execution.get("error") or ""
        errors.print(f"{execution['status']}: {what}; resume it with --follow {name}", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    _report_failed(states, arn)


def _execution(states: Any, arn: str, name: str, stack: str) -> dict[str, Any]:
    """Return the state of an execution; raises CommandError if there is none."""
    try:
        found: dict[str, Any] = states.describe_execution(executionArn=arn)
    except (states.exceptions.ExecutionDoesNotExist, states.exceptions.InvalidArn) as error:
        hint = "khobor printed the name when it started the replay; Step Functions keeps it for 90 days"
        raise CommandError(f"the stack {stack} has no replay {name}: {hint}") from error
    return found


def _counts(states: Any, arn: str) -> tuple[int, int]:
    """Return how many batches of a replay have ended, and how many have been created so far."""
    counts = [_map_run(states, each["mapRunArn"]) for each in _map_runs(states, arn)]
    ended = ("succeeded", "failed", "timedOut", "aborted")
    return sum(sum(each[name] for name in ended) for each in counts), sum(each["total"] for each in counts)


def _map_runs(states: Any, arn: str) -> Iterator[dict[str, Any]]:
    for page in states.get_paginator("list_map_runs").paginate(executionArn=arn):
        yield from page["mapRuns"]


def _map_run(states: Any, arn: str) -> dict[str, int]:
    counts: dict[str, int] = states.describe_map_run(mapRunArn=arn)["executionCounts"]
    return counts


def _report_failed(states: Any, arn: str) -> None:
    failed = sum(_map_run(states, each["mapRunArn"])["failed"] for each in _map_runs(states, arn))
    if failed:
        what = f"{failed} batches of pages could not be read; the log of the replay function says why"
        errors.print(f"{what}. Start the replay again: articles that are up to date do not change", soft_wrap=True)
        raise typer.Exit(1)
