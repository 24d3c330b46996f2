"""``khobor local`` against the embedded stack in the place of the emulator."""

import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.cli.deploying import deploy
from tests.example_pages import KALBELA
from typer.testing import CliRunner

from khobor.cli.main import app
from khobor.embedded.emulator import Emulator
from khobor.embedded.stack import EmbeddedStack


class Embedded(Emulator):
    """An emulator whose services are those of moto."""

    def client(self, service: str, **_: str) -> Any:
        make_client: Any = boto3.client
        return make_client(service, "eu-central-1")


@pytest.fixture
def emulated(stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch) -> EmbeddedStack:
    emulator = Embedded("folder", 0, 0)
    monkeypatch.setattr(Embedded, "outputs", lambda _: stack.outputs)
    monkeypatch.setattr("khobor.cli.commands.local.running_emulator", lambda _: emulator)
    return stack


def test_an_uploaded_page_becomes_an_article_whatever_its_name(emulated: EmbeddedStack, tmp_path: Path) -> None:
    empty = CliRunner().invoke(app, ["local", "articles"])
    assert (empty.exit_code, empty.stdout) == (0, "")
    assert empty.stderr == "the archive is empty; add a page with: khobor local upload saved.html\n"
    (tmp_path / "saved").write_bytes(KALBELA.read_bytes())
    uploaded = CliRunner().invoke(app, ["local", "upload", str(tmp_path / "saved")])
    assert uploaded.stdout == f"s3://{emulated.outputs['RawBucketName']}/uploads/saved\n"
    emulated.run()
    assert "পুতিন-কিমের চিঠি বিনিময়" in CliRunner().invoke(app, ["local", "articles", "--no-json"]).stdout


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ([], r"the archive has no article; days before \S+ were not looked at: name the first one with --from"),
        (["--added"], "the archive is empty"),
    ],
    ids=["newest", "added"],
)
def test_a_list_of_an_empty_archive_says_so(how: list[str], reason: str, stack: EmbeddedStack) -> None:
    deploy("khobor", stack.outputs)
    result = CliRunner().invoke(app, ["list", *how, "--stack", "khobor"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert re.fullmatch(rf"stack on AWS: khobor\n{reason}\n", result.stderr)
