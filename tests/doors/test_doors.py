"""Every page of a corpus through every door: all give the same article, and none refuses a page without a reason.

What ``khobor parse`` gives is what the other doors are held to.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
import time_machine
from tests.benchmarks.corpus import Page, html, load_set
from tests.conftest import PARAMETERS
from tests.console.conftest import Reader
from tests.console.pages import texts_of
from tests.console.test_submissions import travelled
from tests.console.test_uploads import upload
from typer.testing import CliRunner

from khobor.archive import codec
from khobor.cli.console_deployments import embedded_deployment
from khobor.cli.main import app
from khobor.console.app import Console
from khobor.embedded.stack import EmbeddedStack
from khobor.page import RawPage, to_metadata

# Fields in which the article of a page may differ from door to door.
MAY_DIFFER = frozenset(
    {
        "fetched_at",  # when the page came in
        "raw",  # where the page is kept: each upload is an object of its own, and parse keeps none
    }
)
OK, SEE_OTHER = 200, 303
BEGAN = datetime.now(UTC).replace(second=30, microsecond=0) + timedelta(minutes=1)
_T = TypeVar("_T")


class Refusal(str):
    """Why a door gave no article of a page."""

    __slots__ = ()


# The fields of an article that must be the same, or the reason why there is no article.
Outcome: TypeAlias = dict[str, Any] | Refusal
# By the ids of the pages.
Outcomes: TypeAlias = Mapping[str, Outcome]
Hold: TypeAlias = Callable[[str, Outcomes], None]


@pytest.fixture(scope="session")
def folder(pytestconfig: pytest.Config) -> Path:
    """The folder of the set of pages: that of the news if the folder given holds several sets."""
    given: Path = pytestconfig.getoption("--corpus").resolve()
    news = given / "news"
    return news if news.is_dir() else given


@pytest.fixture(scope="session")
def pages(folder: Path) -> list[Page]:
    return load_set(folder)


@pytest.fixture(scope="session")
def parsed(folder: Path, pages: list[Page]) -> Outcomes:
    return each(pages, lambda page: command("parse", file_of(folder, page), "--url", page.url))


@pytest.fixture(scope="session")
def stored_and_answered(folder: Path, pages: list[Page], parsed: Outcomes) -> dict[str, tuple[Outcome, Outcome]]:
    """What the archive has of each page after it was put into the raw bucket, and what the API answers."""
    with EmbeddedStack(PARAMETERS) as stack:
        return each(pages, lambda page: put(stack, page, html(folder, page.id), parsed[page.id]))


def test_an_upload_to_the_bucket(stored_and_answered: dict[str, tuple[Outcome, Outcome]], hold: Hold) -> None:
    hold("S3 upload", {name: stored for name, (stored, _) in stored_and_answered.items()})


def test_the_api(stored_and_answered: dict[str, tuple[Outcome, Outcome]], hold: Hold) -> None:
    hold("API", {name: answered for name, (_, answered) in stored_and_answered.items()})


def test_khobor_ingest(folder: Path, pages: list[Page], hold: Hold) -> None:
    hold(
        "khobor ingest", each(pages, lambda page: command("ingest", file_of(folder, page), "--url", page.url, "--json"))
    )


def test_the_form_of_the_console(folder: Path, pages: list[Page], hold: Hold) -> None:
    with EmbeddedStack(PARAMETERS) as stack, reading(stack) as reader:
        hold("console", each(pages, lambda page: send(stack, reader, page, html(folder, page.id))))


@pytest.fixture
def hold(parsed: Outcomes, capsys: pytest.CaptureFixture[str]) -> Hold:
    """Print how many pages a door took, and hold what it gave to what parse gives."""

    def held(door: str, outcomes: Outcomes) -> None:
        refused = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Refusal)}
        wrong = {name: found for name, outcome in outcomes.items() if (found := differences(outcome, parsed[name]))}
        with capsys.disabled():
            print(
                f"\n{door}: {len(outcomes)} pages, {len(outcomes) - len(refused)} articles, {len(refused)} refused, "
                f"{len(wrong)} otherwise than khobor parse"
            )
            for name, reason in refused.items():
                print(f"  {name}: {reason}")
        assert wrong == {}
        assert [name for name, reason in refused.items() if not reason.strip()] == []

    return held


def each(pages: list[Page], take: Callable[[Page], _T]) -> dict[str, _T]:
    """Return the result of an interface for each page, by its id.

    Every door takes a page at the same time, the middle of a minute: "3 minutes ago" is then the same for all.
    """
    outcomes = {}
    for number, page in enumerate(pages):
        with time_machine.travel(BEGAN + timedelta(minutes=number), tick=True):
            outcomes[page.id] = take(page)
    return outcomes


def differences(outcome: Outcome, parsed: Outcome) -> list[str]:
    """Return the fields in which two articles differ; a refusal differs from an article in all."""
    if isinstance(outcome, Refusal) or isinstance(parsed, Refusal):
        return [] if type(outcome) is type(parsed) else [f"{outcome!s:.200} | {parsed!s:.200}"]
    return [
        f"{name}: {outcome.get(name)!r:.200} | {parsed.get(name)!r:.200}"
        for name in sorted(outcome.keys() | parsed.keys())
        if outcome.get(name) != parsed.get(name)
    ]


def file_of(folder: Path, page: Page) -> str:
    return str(folder / "pages" / f"{page.id}.html.gz")


def fields_of(line: bytes | str) -> dict[str, Any]:
    return {name: value for name, value in json.loads(line).items() if name not in MAY_DIFFER}


def command(*arguments: str) -> Outcome:
    result = CliRunner().invoke(app, list(arguments))
    return fields_of(result.stdout) if result.exit_code == 0 else Refusal(result.stderr)


def put(stack: EmbeddedStack, page: Page, body: bytes, parsed: Outcome) -> tuple[Outcome, Outcome]:
    """Put a page into the raw bucket; return the article that the archive then has, and the API's answer."""
    # As ASCII, as S3 asks for it.
    url = to_metadata(RawPage(body=body, url=page.url, fetched_at=datetime.now(UTC)))["url"]
    stack.upload(f"uploads/{page.id}.html", body, {"url": url})
    stack.run()
    if letters := stack.dead_letters():
        refusal = Refusal(letters[0].reason or "")
        return refusal, refusal
    if isinstance(parsed, Refusal):
        refusal = Refusal("")
        return refusal, refusal
    article = stack.archive.get(parsed["article_id"])
    answer = stack.request("GET", f"/articles/{parsed['article_id']}")
    return (
        fields_of(codec.export(article)) if article else Refusal(""),
        fields_of(answer.body) if answer.status == OK else Refusal(answer.body.decode()),
    )


@contextmanager
def reading(stack: EmbeddedStack) -> Iterator[Reader]:
    """Open the console of a stack."""
    console = Console(embedded_deployment(stack))
    with closing(console.submissions):
        reader = Reader(console)
        reader.open()
        yield reader


def send(stack: EmbeddedStack, reader: Reader, page: Page, body: bytes) -> Outcome:
    """Send a page by the console's form; return the article that the archive then has."""
    answer = upload(reader, body, f"{page.id}.html", url=page.url)
    if answer.status_code != SEE_OTHER:
        return Refusal(" ".join(texts_of(answer, ".lead")))
    submission = travelled(reader, answer.headers["Location"])
    article_id = submission.stored_id
    article = stack.archive.get(article_id) if article_id else None
    # The message that failed stays in the queue: it is of this page alone.
    stack.dead_letters()
    if article:
        return fields_of(codec.export(article))
    failure = submission.failed.failure if submission.failed else None
    return Refusal(f"{failure.reason}: {failure.meaning}" if failure else "")
