"""What is missing is named with the extra that brings it."""

import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from pytest_httpserver import HTTPServer
from tests.conftest import ROOT
from tests.example_pages import page

from khobor.cli.extras import missing_extra

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
IMPORTED_AS = {"aws-lambda-powertools": "aws_lambda_powertools", "pyyaml": "yaml"}
LIBRARIES = [
    (IMPORTED_AS.get(name, name), extra)
    for extra, lines in EXTRAS.items()
    for name in (Requirement(line).name for line in lines)
    if name != "khobor"
]
# Runs a command as if the libraries named first were not installed.
WITHOUT = """
import sys
missing = set(sys.argv.pop(1).split(","))
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Finder())
from khobor.cli.main import app
app()
"""


def run_bare(*arguments: str) -> "subprocess.CompletedProcess[str]":
    missing = ",".join({name for name, _ in LIBRARIES} | {"botocore"})
    command = [sys.executable, "-c", WITHOUT, missing, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("library", "extra"), LIBRARIES)
def test_each_library_of_an_extra_is_named_with_it(library: str, extra: str) -> None:
    importlib.import_module(library)
    message = missing_extra(ModuleNotFoundError(f"No module named '{library}.part'", name=f"{library}.part"))
    assert message == f"this needs {library}, which is not installed: pip install 'khobor[{extra}]'"


def test_a_module_of_no_extra_is_a_fault_of_khobor() -> None:
    assert missing_extra(ModuleNotFoundError("No module named 'nosuch'", name="nosuch")) is None


@pytest.mark.slow
def test_without_extras_a_page_is_parsed() -> None:
    done = run_bare("parse", "tests/sources/kalbela/page.html")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_without_extras_a_page_is_ingested(tmp_path: Path) -> None:
    done = run_bare("ingest", "tests/sources/kalbela/page.html", "--archive", str(tmp_path / "news"))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 page: 1 article")


@pytest.mark.slow
def test_without_extras_a_source_is_crawled(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/feed").respond_with_data("<rss><item><link>/news/1</link></item></rss>")
    httpserver.expect_request("/news/1").respond_with_data(page(title="The bridge"), content_type="text/html")
    feed = f"http://127.0.0.1:{httpserver.port}/feed"
    text = f'version = 1\npublisher = "Daily"\nhosts = ["127.0.0.1"]\n[discovery]\nfeeds = ["{feed}"]\n'
    (tmp_path / "daily.toml").write_text(f"{text}[fetching]\ndelay_seconds = 0\n")
    where = ["--sources", str(tmp_path), "--archive", str(tmp_path / "news"), "--allow-loopback"]
    done = run_bare("crawl", "daily", *where)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "1 URL found: 1 article")


@pytest.mark.parametrize(
    ("command", "extra"), [("list --stack khobor", "aws"), ("console --embedded", "console"), ("demo", "embedded")]
)
def test_without_its_extra_a_command_says_what_to_install(command: str, extra: str) -> None:
    done = run_bare(*command.split())
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"pip install 'khobor[{extra}]'" in done.stderr
