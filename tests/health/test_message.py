from dataclasses import replace
from datetime import datetime

from tests.health.samples import NOW

from khobor.health.judgement import HealthFinding
from khobor.health.message import StackHints, message, sentence, subject

LOST = HealthFinding(
    kind="field lost",
    source="daily",
    field="published_at",
    before=0.98,
    now=0.0,
    pages=12,
    samples=("pages/a", "pages/b"),
)
SILENT = HealthFinding(kind="source silent", source="weekly", since=datetime.fromisoformat("2026-03-01T06:30+06:00"))


def test_a_sentence_says_what_where_and_how_much() -> None:
    assert sentence(LOST) == "daily: date on 0% of 12 new pages, 98% before"
    assert sentence(SILENT) == "weekly: no new article since 2026-03-01 00:30 UTC, longer than usual for this source"


def test_a_message_names_each_page_once_and_has_the_commands_that_help() -> None:
    text = message([LOST, replace(LOST, field="title", samples=("pages/a",))], StackHints("raw"))
    assert text.count("  pages/a\n") == text.count("  pages/b\n") == 1
    assert text.count("aws s3 cp s3://raw/pages/a page.html.gz") == 1
    assert "khobor sources check mine/daily.toml" in text


def test_sources_are_told_of_one_after_another() -> None:
    first, second = message([SILENT, LOST], StackHints("raw")).split("\n\nweekly: ")
    assert first.startswith("daily: ")
    assert second.endswith("khobor discover weekly --dry-run")


def test_a_great_many_sources_are_cut() -> None:
    many = [HealthFinding(kind="source silent", source=f"source-{number}", since=NOW) for number in range(80)]
    assert message(many, StackHints("raw")).endswith("… and 30 more sources: the log of the health function has all.")
    assert len(subject(many)) == 100
    assert subject([SILENT, LOST]) == "khobor: look at daily, weekly"
