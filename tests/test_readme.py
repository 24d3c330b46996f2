"""The commands, files and outputs in README and other documents exist."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from tests.conftest import PARAMETERS, ROOT
from tests.example_pages import page

from khobor.cli.main import app
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stack import EmbeddedStack
from khobor.embedded.template import Template

OUTPUTS = Template.load(TEMPLATE, PARAMETERS | {"Delivery": "ENABLED"}).outputs
TOP_LEVEL = sorted(ROOT.glob("*.md"))
DOCUMENTS = [*TOP_LEVEL, *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(document.read_text() for document in DOCUMENTS)
COMMANDS = sorted(set(re.findall(r"^\$ (?:\.venv/bin/)?khobor ([^#|>\n]*[^#|>\s])", TEXT, re.MULTILINE)))
TARGETS = set(re.findall(r"(?:^\$ |`)make ([a-z0-9-]+)", TEXT, re.MULTILINE))


LINKS = [
    (document.name, link)
    for document in TOP_LEVEL
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text())
]


# Placeholders for outputs, such as <RawBucketName>, and files that the text names.
WRITTEN = "\n".join(document.read_text() for document in DOCUMENTS if document.parent.name != "reference")
PLACEHOLDERS = set(re.findall(r"<([A-Z]\w+)>", WRITTEN)) - {"Name"}
FILES = set(re.findall(r"[`\s]((?:tests|events|functions|layers)/[\w./-]*[\w/])(?=[`\s:])", TEXT))


def options(command: Any) -> Iterator[str]:
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)


@pytest.mark.parametrize("written", COMMANDS)
def test_a_command_is_one_of_khobors_with_options_that_it_has(written: str) -> None:
    words = shlex.split(written)
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    assert command.name != "khobor"
    assert {word.partition("=")[0] for word in words if word.startswith("-") and word != "-"} <= set(options(command))


def test_every_target_is_one_of_the_makefile() -> None:
    assert TARGETS
    assert TARGETS - set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)) == set()


def test_every_link_of_a_top_level_page_leads_to_a_file() -> None:
    # mkdocs checks the links of the manual.
    assert LINKS
    assert [
        (page, link) for page, link in LINKS if not (ROOT / page).parent.joinpath(link.partition("#")[0]).exists()
    ] == []


def test_every_placeholder_is_an_output_of_the_stack() -> None:
    assert PLACEHOLDERS
    assert PLACEHOLDERS - OUTPUTS.keys() == set()


def test_every_file_of_the_project_that_is_named_is_there() -> None:
    assert FILES
    assert [name for name in FILES if not (ROOT / name).exists()] == []


def test_the_readme_is_short() -> None:
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 200
    assert len(text.encode()) < 12_000


def test_the_documented_rule_catches_a_stealth_edit_of_its_source_and_nothing_else(stack: EmbeddedStack) -> None:
    (pattern,) = re.findall(r"--event-pattern \\\n\s+'([^']+)'", TEXT)
    url = stack.sqs.create_queue(QueueName="newsroom")["QueueUrl"]
    arn = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    bus = stack.outputs["EventBusName"]
    stack.events.put_rule(EventBusName=bus, Name="stealth", EventPattern=pattern)
    stack.events.put_targets(EventBusName=bus, Rule="stealth", Targets=[{"Id": "newsroom", "Arn": arn}])
    facts = {"@type": "NewsArticle", "dateModified": "2026-03-02T06:00:00+06:00"}
    for host in ("www.kalbela.com", "news.example"):
        for hour, title in ((6, "The bridge opens"), (7, "The bridge opens at last")):
            metadata = {"url": f"https://{host}/world/1", "fetched-at": f"2026-03-02T{hour:02}:00:00+00:00"}
            stack.upload("uploads/bridge.html", page(title=title, json_ld=facts), metadata)
            stack.run()
    messages = stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    caught = [json.loads(message["Body"])["detail"] for message in messages]
    assert [(event["source"], event["title"]) for event in caught] == [("kalbela", "The bridge opens at last")]
