"""The one list of stages, and every place that has an entry for each stage."""

import re

import pytest
from tests.conftest import PARAMETERS, ROOT
from typer.testing import CliRunner

from khobor.cli.main import app
from khobor.cli.redrive_targets import sender
from khobor.embedded.account import REGION
from khobor.embedded.project import TEMPLATE
from khobor.embedded.template import Resource, Template
from khobor.log_trace import stage_position
from khobor.stages import BY_NAME, STAGES, Stage

USUAL = Template.load(TEMPLATE, PARAMETERS)
ALL = Template.load(TEMPLATE, PARAMETERS | {"Delivery": "ENABLED"})
RUNBOOK = (ROOT / "docs" / "operations" / "runbook.md").read_text()
EACH = pytest.mark.parametrize("stage", STAGES, ids=BY_NAME)


def source_of(function: Resource) -> dict[str, object]:
    """Return the event of a function that has a dead-letter queue."""
    (event,) = (each for each in function.properties["Events"].values() if each["Type"] in {"SQS", "DynamoDB"})
    return dict(event)


def test_every_dead_letter_queue_of_the_template_is_of_a_stage() -> None:
    queues = {name for name in ALL.resources if name.endswith("DeadLetterQueue")}
    assert queues == {stage.dead_letter_queue for stage in STAGES}
    outputs = {name for name in ALL.outputs if "DeadLetter" in name}
    assert outputs == {stage.dead_letter_output for stage in STAGES}


@EACH
def test_the_template_has_the_function_with_its_queues(stage: Stage) -> None:
    function = ALL.resources[stage.function]
    assert function.properties["CodeUri"] == f"functions/{stage.name}"
    variables = function.properties["Environment"]["Variables"]
    assert variables["DEAD_LETTER_QUEUE_URL"] == {"Ref": stage.dead_letter_queue}
    assert ALL.outputs[stage.dead_letter_output] == {"Ref": stage.dead_letter_queue}
    event = source_of(function)
    assert event["Type"] == ("SQS" if stage.reads_queue else "DynamoDB")
    if stage.queue and stage.queue_output:
        assert event["Properties"]["Queue"]["Fn::GetAtt"][0] == stage.queue  # type: ignore[index]
        assert ALL.outputs[stage.queue_output] == {"Ref": stage.queue}


@EACH
def test_a_stage_is_missing_only_without_its_parameter(stage: Stage) -> None:
    assert (stage.function in USUAL.resources) is (stage.parameter is None)
    assert (stage.dead_letter_output in USUAL.outputs) is (stage.parameter is None)
    assert stage.parameter is None or stage.parameter in ALL.parameters


@EACH
def test_the_runbook_says_what_to_do_about_its_dead_letters_and_errors(stage: Stage) -> None:
    sections = dict(re.findall(r"^## (\w+)\n\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
    about = sections[f"{stage.title}DeadLettersAlarm"]
    assert f"khobor redrive {stage.name}" in about
    assert f"{stage.title}ErrorsAlarm" in sections
    assert f"{stage.title}AgeAlarm" in sections
    assert {f"{stage.title}DeadLettersAlarm", f"{stage.title}ErrorsAlarm"} <= ALL.resources.keys()


@EACH
def test_an_example_of_its_event_is_there(stage: Stage) -> None:
    assert list((ROOT / "events").glob(f"{stage.name}-*.json"))


@EACH
def test_its_dead_letter_messages_can_be_sent_back_with_what_the_template_puts_out(
    monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    asked: list[str] = []

    def outputs(*names: str) -> list[str]:
        asked.extend(names)
        return [f"https://{name}.example" for name in names]

    assert callable(sender(stage, outputs))
    assert asked
    assert set(asked) <= ALL.outputs.keys()


def test_stages_are_in_the_order_of_the_pipeline() -> None:
    names = [stage.name for stage in STAGES]
    described = re.findall(r"\w+", str(TEMPLATE.read_text().split("Description: ")[1].splitlines()[0]))
    usual = [stage.name for stage in STAGES if stage.parameter is None]
    assert [name for name in dict.fromkeys(described) if name in names] == usual
    assert sorted([*names[::-1], "replay", "api"], key=stage_position) == [*names, "replay", "api"]


def test_redrive_takes_every_stage_and_names_them_for_any_other() -> None:
    refused = CliRunner().invoke(app, ["redrive", "archive"], env={"COLUMNS": "200"})
    assert refused.exit_code == 2
    assert f"there is no stage archive; there are {', '.join(BY_NAME)}" in refused.stderr
    assert "Value error" not in refused.stderr
