"""``khobor list``, ``search``, ``get``, ``diff`` and ``forget``, on a local archive and on a stack."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from tests.articles import MORNING, article
from tests.cli.deploying import deploy
from typer.testing import CliRunner, Result

from khobor.archive.interface import Archive
from khobor.article import Block
from khobor.cli.main import app
from khobor.embedded.stack import EmbeddedStack
from khobor.url import url_id

BEFORE = "পদ্মা সেতুতে যান চলাচল শুরু"
AFTER = "পদ্মা সেতুতে যান চলাচল বন্ধ"
URL = "https://example.com/1"


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def listed(*arguments: str) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return [json.loads(line)["title"] for line in result.stdout.splitlines()]


@pytest.fixture(autouse=True)
def _articles(either_archive: Archive) -> None:
    """Three articles, of which one was changed."""
    either_archive.put(article(1, article_id=url_id(URL), title=BEFORE, section="যোগাযোগ"))
    either_archive.put(article(2, title="The bridge opens", source="daily"))
    either_archive.put(article(3, title="The bridge closes", tags=("Toll",)))
    changed = MORNING + timedelta(hours=2)
    either_archive.put(article(1, article_id=url_id(URL), title=AFTER, section="যোগাযোগ", fetched_at=changed))


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["--source", "example"], ["The bridge closes", AFTER]),
        (["--section", "যোগাযোগ"], [AFTER]),
        (["--tag", "toll"], ["The bridge closes"]),
        (["--change", "headline"], [AFTER]),
        (["--source", "example", "--from", "2023-08-17"], []),
        (["--source", "example", "--to", "2023-08-16", "--limit", "1"], ["The bridge closes"]),
    ],
)
def test_headlines_are_listed_one_a_line(arguments: list[str], titles: list[str]) -> None:
    assert listed("list", *arguments) == titles


@pytest.mark.slow
def test_the_articles_of_a_span_are_listed_however_long_nothing_was_published(
    either_archive: Archive, clock: time_machine.Traveller
) -> None:
    clock.move_to(MORNING + timedelta(days=120))
    either_archive.put(article(8, title="The bridge is planned", published_at=MORNING - timedelta(days=120)))
    expected = ["The bridge closes", "The bridge opens", AFTER, "The bridge is planned"]
    assert listed("list", "--from", "2023-04-01") == expected
    assert listed("list", "--from", "2023-12-01") == []


@pytest.mark.slow
def test_a_list_of_a_stack_that_ends_before_all_days_says_so(
    either_archive: Archive, archive: Path, clock: time_machine.Traveller
) -> None:
    clock.move_to(MORNING + timedelta(days=120))
    either_archive.put(article(8, title="The bridge is planned", published_at=MORNING - timedelta(days=120)))
    empty, ended = run("list", "--to", "2023-12-10"), run("list", "--to", "2023-08-31")
    if archive.exists():
        assert [len(each.stdout.splitlines()) for each in (empty, ended)] == [4, 4]
        return
    titles = [json.loads(line)["title"] for line in ended.stdout.splitlines()]
    assert titles == ["The bridge closes", "The bridge opens", AFTER]
    not_looked_at = "; days before {} were not looked at: name the first one with --from"
    assert ended.stderr.splitlines()[1] == f"the list ends here{not_looked_at.format('2023-05-08')}"
    assert empty.stderr.splitlines()[1:] == [
        f"the archive has no article before 2023-12-11{not_looked_at.format('2023-09-01')}"
    ]


def test_a_search_finds_all_words() -> None:
    assert sorted(listed("search", "bridge")) == ["The bridge closes", "The bridge opens"]
    assert listed("search", "--titles", "bridge") == ["The bridge closes", "The bridge opens"]
    assert listed("search", "সেতুতে", "বন্ধ") == [AFTER]


def test_titles_are_searched_with_the_earlier_ones() -> None:
    assert listed("search", "--titles", "শুরু") == [AFTER]


@pytest.mark.slow
def test_more_than_a_page_is_listed(either_archive: Archive) -> None:
    for number in range(10, 140):
        either_archive.put(article(number, source="many"))
    assert len(listed("list", "--source", "many", "--limit", "120")) == 120


def test_a_person_gets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = run("list", "--source", "example").stdout
    assert AFTER in shown
    assert "revision 2" in shown
    assert URL in shown
    assert not shown.startswith("{")


def test_an_article_is_got_by_url_or_id_and_in_a_revision() -> None:
    for asked in (URL, f"{URL}?utm_source=x", url_id(URL)):
        assert json.loads(run("get", asked).stdout)["title"] == AFTER
    assert json.loads(run("get", URL, "--revision", "1").stdout)["title"] == BEFORE


def test_what_a_revision_changed_is_shown_by_word() -> None:
    shown = run("diff", URL, "--no-json").stdout
    assert "first seen" in shown
    assert "[-শুরু-]{+বন্ধ+}" in shown


def test_a_pipe_gets_the_difference_as_json() -> None:
    told = json.loads(run("diff", URL).stdout)
    assert [each["changes"] for each in told["revisions"]] == [[], ["headline"]]
    (title,) = (each for each in told["difference"]["fields"] if each["name"] == "title")
    assert (title["before"], title["after"]) == (BEFORE, AFTER)


def test_an_article_of_one_revision_has_no_difference() -> None:
    result = run("diff", "id2", "--no-json")
    assert result.exit_code == 0
    assert "first seen" in result.stdout
    assert "[-" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["get", "id9"], "unknown_article"),
        (["get", "https://example.com/9"], "unknown_article"),
        (["get", URL, "--revision", "7"], "has revisions 1 to 2"),
        (["diff", URL, "1", "--before", "9"], "unknown_revision"),
        (["list", "--source", "exampel"], "no source 'exampel' is known"),
        (["list", "--source", "exampel"], "did you mean example?"),
        (["get", "https://example.com/9"], "the archive has no article at https://example.com/9"),
        (["forget", "https://example.com/9"], "no article https://example.com/9"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--source", "a", "--tag", "b"], "answers --source, --tag together: ask by at most one of --source"),
        (["list", "--added", "--day", "2023-08-17"], "answers --day, --added together"),
        (["list", "--from", "2023-08-17", "--to", "2023-08-15"], "--from: 2023-08-17 is not before --to 2023-08-15"),
        (
            ["trace", URL, "--from", "2023-08-17", "--to", "2023-08-15"],
            "--from: 2023-08-17 is not before --to 2023-08-15",
        ),
        *((["list", f"--{name}", blank], f"--{name} is empty") for name in ("source", "tag") for blank in ("", " ")),
        (["search", "—"], "there is no word in '—' to look for"),
        (["search", ""], "there is no word in '' to look for"),
    ],
)
def test_a_question_that_cannot_be_asked_is_a_mistake_in_the_command_line(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


@pytest.mark.parametrize(
    "arguments", [["list", "--from", "tomorrow"], ["list", "--change", "mind"], ["get", "http://"]]
)
def test_what_cannot_be_read_is_refused(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


def test_an_article_is_forgotten_when_it_is_confirmed(either_archive: Archive) -> None:
    assert run("forget", URL, typed="n\n").exit_code == 1
    assert either_archive.find(URL)
    result = run("forget", URL, typed="y\n")
    assert result.exit_code == 0
    assert URL in result.stdout
    assert either_archive.find(URL) is None
    assert run("forget", "id9", "--yes").exit_code == 1


def test_where_articles_are_delivered_forget_says_how_to_find_the_files_that_have_it(stack: EmbeddedStack) -> None:
    stack.archive.put(article(3))
    deploy("delivering", stack.outputs | {"DeliveryDatabaseName": "delivering"})
    said = run("forget", "id3", "--yes", "--stack", "delivering").stdout
    assert """SELECT DISTINCT "$path" FROM "delivering".articles WHERE article_id = 'id3'""" in said


def test_an_article_that_a_reader_sees_no_difference_in_is_said_so(either_archive: Archive) -> None:
    either_archive.mark_gone("id2", MORNING + timedelta(hours=5), "http_410")
    shown = run("diff", "id2", "--no-json").stdout
    assert "gone" in shown
    assert "No difference" in shown


def test_blocks_of_a_body_are_compared(either_archive: Archive) -> None:
    body = (Block(kind="paragraph", text="Text."), Block(kind="paragraph", text="A second one."))
    either_archive.put(article(3, title="The bridge closes", body=body, fetched_at=MORNING + timedelta(hours=3)))
    assert "+ {+A second one.+}" in run("diff", "id3", "--no-json").stdout
