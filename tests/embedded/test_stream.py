"""A stream is delivered as Lambda delivers it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.articles import article
from tests.conftest import PARAMETERS, ROOT

from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.stream import matches
from khobor.errors import ConfigurationError

# A function that fails on an article in the way that its title says.
FUNCTION = """
def handler(event, context):
    records = event["Records"]
    titles = [record["dynamodb"]["NewImage"]["title"]["S"] for record in records]
    print("got", *titles)
    if "crash" in titles:
        raise ValueError
    failed = [record["dynamodb"]["SequenceNumber"] for record, title in zip(records, titles) if title == "fail"]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The project's template, with this announce function, and less patience."""
    shutil.copytree(ROOT / "functions", tmp_path / "functions")
    text = (ROOT / "template.yaml").read_text().replace("MaximumRetryAttempts: 50", "MaximumRetryAttempts: 1")
    (tmp_path / "template.yaml").write_text(text)
    (tmp_path / "functions" / "announce" / "app.py").write_text(FUNCTION)
    return tmp_path / "template.yaml"


@pytest.mark.parametrize(
    ("titles", "batches"),
    [
        ("a b c", ["a b c"]),
        # Reported, what comes before is done with, and all that comes after is delivered again.
        ("a b fail c", ["a b fail c", "fail c", "fail", "fail", "c"]),
        # Not reported, the batch is halved.
        ("a b crash c", ["a b crash c", "a b", "crash c", "crash", "crash", "c"]),
    ],
)
def test_what_fails_is_tried_again_until_it_is_given_up(template: Path, titles: str, batches: list[str]) -> None:
    with EmbeddedStack(PARAMETERS, template=template) as stack:
        for number, title in enumerate(titles.split()):
            stack.archive.put(article(number, title=title))
        stack.run()
        stack.log.seek(0)
        said = [line.removeprefix("got ").strip() for line in stack.log if line.startswith("got ")]
        assert said == batches
        failing = {"fail", "crash"} & set(titles.split())
        assert len(stack.dead_letters()) == len(failing)


def test_a_record_has_the_shape_that_aws_gives_it(template: Path) -> None:
    shown = FUNCTION + "\n\nimport json\n\ndef handler(event, context):\n    print(json.dumps(event))\n"
    (template.parent / "functions" / "announce" / "app.py").write_text(shown)
    with EmbeddedStack(PARAMETERS, template=template) as stack:
        for _ in range(2):
            stack.archive.put(article(section="city", language="en"))
        stack.run()
        stack.log.seek(0)
        (event,) = (json.loads(line) for line in stack.log if line.startswith('{"Records"'))
    # That the headline was written again as it was is no change.
    (record,) = event["Records"]
    (example, *_) = json.loads((ROOT / "events" / "announce-stream.json").read_text())["Records"]
    assert record.keys() == example.keys()
    assert record["dynamodb"].keys() == example["dynamodb"].keys()
    assert shape(record["dynamodb"]["Keys"]) == shape(example["dynamodb"]["Keys"])
    assert shape(record["dynamodb"]["NewImage"]) == shape(example["dynamodb"]["NewImage"])


def shape(image: dict[str, Any]) -> dict[str, Any]:
    return {name: value.keys() for name, value in image.items()}


@pytest.mark.parametrize(
    ("pattern", "is_one"),
    [
        ({"kind": ["a", "b"]}, True),
        ({"kind": ["b"]}, False),
        ({"kind": ["a"], "other": ["x"]}, False),
        ({"inner": {"S": [{"exists": True}]}}, True),
        ({"inner": {"N": [{"exists": False}]}}, True),
        ({"absent": {"S": [{"exists": True}]}}, False),
        ({"inner": {"S": [{"prefix": "x"}]}}, True),
        ({"inner": {"S": [{"prefix": "xy"}]}}, False),
        ({"absent": {"S": [{"prefix": "x"}]}}, False),
        # As EventBridge has it, only what has no parts is there.
        ({"inner": [{"exists": True}]}, False),
    ],
)
def test_a_filter_says_what_is_delivered(pattern: Any, is_one: bool) -> None:
    assert matches(pattern, {"kind": "a", "inner": {"S": "x"}}) is is_one


def test_a_filter_that_is_not_known_is_named() -> None:
    with pytest.raises(ConfigurationError, match="suffix"):
        matches({"kind": [{"suffix": "a"}]}, {"kind": "a"})
