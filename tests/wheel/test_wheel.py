"""The wheel, installed into an empty environment: every command works in a folder that is no checkout."""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from tests.conftest import ROOT
from tests.example_pages import KALBELA, page

from khobor import __version__
from khobor.embedded.web import serve

UV = Path(sys.executable).with_name("uv")
# Where the wheel has the files from outside of the package.
ELSEWHERE = {
    "template.yaml": "khobor/embedded/bundle/template.yaml",
    "tests/sources/kalbela/page.html": "khobor/embedded/bundle/page.html",
}
TITLE = "পুতিন-কিমের চিঠি বিনিময়"
SOURCE = """
version = 1
publisher = "The Daily Test"
hosts = ["127.0.0.1"]
enabled = true
[discovery]
feeds = ["{site}/feed"]
[fetching]
delay_seconds = 0
"""
FEED = "<rss><channel><item><title>The bridge opens</title><link>/news/1</link></item></channel></rss>"


def uv(*arguments: str | Path) -> None:
    subprocess.run([UV, "--quiet", *arguments], cwd=ROOT, check=True)


@dataclass(frozen=True)
class Installed:
    """The command of an installation, and a folder to run it in."""

    command: Path
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        # Neither the tests' own environment nor the user's AWS account.
        return {"PATH": os.defpath, "HOME": str(self.folder), "LANG": "C.UTF-8"}

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the command, whose streams are pipes."""
        return subprocess.Popen(
            [self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the wheel and the source distribution, each built from the checkout."""
    folder = tmp_path_factory.mktemp("built")
    uv("build", "--no-build-isolation", "--python", sys.executable, "--wheel", "--sdist", "--out-dir", folder, ".")
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path, *options: str) -> Path:
    """Return an environment with the wheel and the locked versions of its dependencies."""
    locked = folder / "locked.txt"
    uv("export", "--locked", *options, "--no-emit-project", "--no-header", "--output-file", locked)
    uv("venv", "--python", sys.executable, folder / "venv")
    python = folder / "venv" / "bin" / "python"
    uv("pip", "install", "--python", python, "--require-hashes", "--only-binary", ":all:", "--requirement", locked)
    uv("pip", "install", "--python", python, "--no-deps", wheel)
    uv("pip", "check", "--python", python)
    return folder / "venv"


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("environment"), "--all-extras")


@pytest.fixture(scope="session")
def bare_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("bare"))


@pytest.fixture
def khobor(environment: Path, tmp_path: Path) -> Installed:
    (tmp_path / "page.html").write_bytes(KALBELA.read_bytes())
    return Installed(environment / "bin" / "khobor", tmp_path)


@pytest.fixture
def bare_khobor(bare_environment: Path, tmp_path: Path) -> Installed:
    (tmp_path / "page.html").write_bytes(KALBELA.read_bytes())
    return Installed(bare_environment / "bin" / "khobor", tmp_path)


@pytest.fixture
def site() -> Iterator[str]:
    with serve({"/news/1": page(title="The bridge opens"), "/feed": FEED.encode()}) as running:
        yield running


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_wheel_holds_what_the_command_needs_and_nothing_else(wheel: Path) -> None:
    wanted = ["git", "ls-files", "layers/khobor/khobor", "functions", *ELSEWHERE]
    tracked = subprocess.run(wanted, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    expected = {
        ELSEWHERE.get(name)
        or (f"khobor/embedded/bundle/{name}" if name.startswith("functions/") else name.removeprefix("layers/khobor/"))
        for name in tracked
    }
    assert {name for name in contents(wheel) if ".dist-info/" not in name} == expected


def test_the_source_distribution_gives_the_same_wheel(built: Path, wheel: Path, tmp_path: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    uv("build", "--no-build-isolation", "--python", sys.executable, "--wheel", "--out-dir", tmp_path, source)
    (again,) = tmp_path.glob("*.whl")
    assert contents(again) == contents(wheel)


@pytest.mark.parametrize("argument", ["--version", "version"])
def test_it_says_its_version(khobor: Installed, argument: str) -> None:
    assert khobor.run(argument) == f"khobor {__version__}\n"


def test_the_demo_shows_the_article_and_only_commands_that_are_there(khobor: Installed) -> None:
    shown = khobor.run("demo")
    assert TITLE in shown
    assert "  khobor ingest https://…" in shown
    assert "make local" not in shown
    assert ".venv" not in shown


def test_a_page_is_parsed(khobor: Installed) -> None:
    assert json.loads(khobor.run("parse", "page.html"))["title"] == TITLE


def test_pages_are_ingested_from_a_file_and_from_a_site(khobor: Installed, site: str) -> None:
    khobor.run("ingest", "page.html", f"{site}/news/1", "--allow-loopback", "--out", "articles.jsonl")
    lines = (khobor.folder / "articles.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["title"] for line in lines} == {TITLE, "The bridge opens"}


def test_a_source_is_crawled(khobor: Installed, site: str) -> None:
    (khobor.folder / "mine").mkdir()
    (khobor.folder / "mine" / "daily.toml").write_text(SOURCE.format(site=site))
    khobor.run("crawl", "daily", "--sources", "mine", "--allow-loopback", "--out", "articles.jsonl")
    (line,) = (khobor.folder / "articles.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["title"] == "The bridge opens"


def test_the_console_answers_and_ends(khobor: Installed) -> None:
    with khobor.start("console", "--embedded", "--no-browser") as process:
        try:
            assert process.stdout is not None
            found = (re.search(r"http://127\.0\.0\.1:\S+", line) for line in process.stdout)
            address = next((match[0] for match in found if match), None)
            assert address, process.communicate()
            with build_opener(HTTPCookieProcessor(CookieJar())).open(address, timeout=60) as answer:
                assert TITLE in answer.read().decode()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")


def test_a_function_is_invoked_with_an_event_of_the_users(khobor: Installed) -> None:
    (khobor.folder / "event.json").write_bytes((ROOT / "events" / "parse-put-in-sqs.json").read_bytes())
    done = json.loads(khobor.run("invoke", "parse", "event.json"))
    assert [each["queue"] for each in done["messages"]] == ["khobor-StoreQueue"]
    assert "there are no example events here" in khobor.run("invoke", "--list")


def test_sources_are_listed_and_drafted(khobor: Installed) -> None:
    assert "kalbela" in khobor.run("sources")
    khobor.run("new-source", "page.html", "--name", "mine")
    assert (khobor.folder / "mine.toml").is_file()


def test_what_needs_a_checkout_says_so(khobor: Installed) -> None:
    assert "needs a checkout of khobor" in " ".join(khobor.run("local", "up", status=1).split())


def test_without_extras_pages_and_sources_go_into_a_local_archive(bare_khobor: Installed, site: str) -> None:
    assert json.loads(bare_khobor.run("ingest", "page.html").splitlines()[0])["title"] == TITLE
    (bare_khobor.folder / "archive" / "sources").mkdir()
    (bare_khobor.folder / "archive" / "sources" / "daily.toml").write_text(SOURCE.format(site=site))
    assert "1 URL found: 1 article" in bare_khobor.run("crawl", "daily", "--allow-loopback")
    assert "store" in bare_khobor.run("trace", f"{site}/news/1")
    assert "nothing is wrong with 1 source" in bare_khobor.run("health", "--source", "daily")
    assert "fetch: no dead-letter messages" in bare_khobor.run("redrive", "fetch")
    for asked in (("list", "--source", "daily"), ("search", "bridge"), ("get", f"{site}/news/1")):
        assert "The bridge opens" in bare_khobor.run(*asked)
    assert '"number":1' in bare_khobor.run("diff", f"{site}/news/1")
    for kind in ("jsonl", "csv"):
        bare_khobor.run("export", kind, "--format", kind, "--source", "daily")
        (file,) = (bare_khobor.folder / kind).glob(f"*/*.{kind}")
        assert "The bridge opens" in file.read_text("utf-8")


def test_without_extras_a_local_archive_is_followed(bare_khobor: Installed) -> None:
    bare_khobor.run("ingest", "page.html", "--archive", "followed")
    with bare_khobor.start("tail", "--archive", "followed") as process:
        try:
            assert process.stderr is not None
            assert process.stdout is not None
            while "waiting for changes" not in (line := process.stderr.readline()):
                assert line
            (bare_khobor.folder / "other.html").write_bytes(page(title="The bridge closes"))
            bare_khobor.run("ingest", "other.html", "--archive", "followed")
            assert json.loads(process.stdout.readline())["title"] == "The bridge closes"
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()


def test_without_extras_a_page_is_parsed(bare_khobor: Installed) -> None:
    assert json.loads(bare_khobor.run("parse", "page.html"))["title"] == TITLE
    assert "kalbela" in bare_khobor.run("sources")


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (("list", "--stack", "khobor"), "aws"),
        (("get", "https://news.example/1", "--stack", "khobor"), "aws"),
        (("console", "--embedded"), "console"),
        (("demo",), "embedded"),
        (("invoke", "--list"), "embedded"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_without_its_extra_a_command_says_what_to_install(
    bare_khobor: Installed, command: tuple[str, ...], extra: str
) -> None:
    assert f"pip install 'khobor[{extra}]'" in bare_khobor.run(*command, status=1)
