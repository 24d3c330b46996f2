"""The one list of an article's fields, and every place that has an entry for each field."""

import json
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from lxml import html
from rich.console import Console as Terminal
from tests.conftest import PARAMETERS, ROOT
from tests.docs.glue_table import with_columns
from tests.example_pages import PARAGRAPHS, page
from tests.export.full_article import full_article
from werkzeug.test import Client

from khobor import __version__
from khobor.article import Article, Author, Block, Evidence, Extraction, Image, Link, RawReference
from khobor.cli import display, explain, source_draft
from khobor.cli.console_deployments import embedded_deployment
from khobor.console.app import Console
from khobor.embedded.project import TEMPLATE
from khobor.embedded.stack import EmbeddedStack
from khobor.export import csv_file, schema
from khobor.extract import extract
from khobor.fields import BY_NAME, FIELDS, OWN_PLACE, Field, as_text
from khobor.query.openapi import document
from khobor.replay.report import differences
from khobor.revisions.content_digests import content_digests
from khobor.revisions.difference import difference
from khobor.sources.registry import Registry
from khobor.sources.source import Rules

EACH = pytest.mark.parametrize("field", FIELDS, ids=BY_NAME)
TESTS = ROOT / "tests"
GOLDEN = [
    json.loads(path.read_bytes()) for room in ("golden", "sources") for path in TESTS.glob(f"{room}/*/expected.json")
]
URL = "https://daily.example/city/1"
FETCHED_AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
RAW = RawReference(bucket="raw", key="pages/1")
# What extraction returns for one page, for fields that no expected.json has.
EXTRACTED: dict[str, Any] = {
    "article_id": "fwj7a5m3jkz3apfibrh77rckbq",
    "url": URL,
    "source": "daily.example",
    "word_count": 76,
    "related": (
        Link(url="https://daily.example/city/99", text="A dog found its way home over two hundred kilometres"),
    ),
    "fetched_at": FETCHED_AT,
    "raw": RAW,
    "extraction": Extraction(version=__version__, reader=__version__),
    "content_hash": "c9366c02218a6d2795daa7a155d0259bb25f9ad3a2b3af83eda20866b726521b",
}
# Rules for a part of a field, or for several fields.
OTHER_RULES = {"dates", "image_caption", "drop", "boilerplate"}
# What an element holds that a rule selects, and what the field is then, where both are not a text.
SELECTED: dict[str, tuple[str, Any]] = {
    "authors": ("Mary Stone", (Author(name="Mary Stone"),)),
    "published_at": ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
    "modified_at": ("2026-03-02T10:00:00Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
    "edition": ("Print edition", "print"),
    "tags": ("Bridges", ("Bridges",)),
    "body": (f"<p>{PARAGRAPHS[0]}</p>", (Block(kind="paragraph", text=PARAGRAPHS[0]),)),
    "images": ('<img src="/ruled.jpg">', (Image(url="https://daily.example/ruled.jpg"),)),
    "related": ('<a href="/city/7">Harbour</a>', (Link(url="https://daily.example/city/7", text="Harbour"),)),
}
# Where the console's page shows a field outside of the list of facts, and its text for the full article.
PLACES = {
    "url": ("dd", "https://example.com/1"),
    "canonical_url": ("dd", "https://example.com/1"),
    "source": (".meta", "example"),
    "title": ("h1", "পুতিন-কিমের"),
    "kicker": (".kicker", "-5 °C"),
    "authors": (".byline", "কালবেলা ডেস্ক, A. Rahman"),
    "published_at": (".meta", "Published 16 August 2023, 05:23"),
    "modified_at": (".meta", "Modified 16 August 2023, 07:35"),
    "section": (".meta", "world"),
    "tags": (".tags", "রাশিয়া উত্তর কোরিয়া"),
    "body": (".text", "নদীর ওপর পুরোনো সেতুটি আবার খুলেছে।"),
    "images": (".text", "https://example.com/b.jpg"),
    "fetched_at": (".meta", "Fetched 16 August 2023, 02:00"),
}
# The facts that are not the field's value as a text.
FACTS = {"related": "1", "rights": "noarchive", "extraction": "khobor 1.2"}


def another(name: str) -> Article:
    """Return the full article with another value of one field: none, if the field may be absent."""
    never_absent: dict[str, Any] = {
        "article_id": "id2",
        "content_hash": "1",
        "fetched_at": FETCHED_AT,
        "extraction": Extraction(version="2"),
    }
    (field,) = (each for each in fields(Article) if each.name == name)
    default: Any = field.default if field.default_factory is MISSING else field.default_factory()
    other: dict[str, Any] = {name: never_absent[name] if default is MISSING else default}
    return full_article(**other)


def printed(show: Callable[[Terminal, Article], None], shown: Article) -> list[str]:
    """Return the first word of each line that a command prints of an article."""
    file = StringIO()
    show(Terminal(width=200, file=file), shown)
    return [line.split()[0] for line in file.getvalue().splitlines() if line.strip()]


@pytest.fixture(scope="module")
def console_page() -> Iterator[html.HtmlElement]:
    """The console's page of the full article."""
    with EmbeddedStack(PARAMETERS) as stack:
        deployment = embedded_deployment(stack)
        deployment.archive.put(full_article())
        console = Console(deployment)
        browser = Client(console)
        address = "http://127.0.0.1:8765"
        browser.get("/", base_url=address, query_string={"token": console.guard.token})
        yield html.fromstring(browser.get("/articles/id1", base_url=address).text)
        console.submissions.close()


def test_the_list_has_every_field_of_an_article_in_its_order() -> None:
    assert [field.name for field in FIELDS] == [field.name for field in fields(Article)]


@EACH
def test_the_article_that_export_and_storage_are_tested_with_has_the_field(field: Field) -> None:
    assert getattr(full_article(), field.name) not in (None, "", (), 0)


@EACH
def test_extraction_finds_the_field(field: Field) -> None:
    if field.name not in EXTRACTED:
        assert any(expected.get(field.name) not in (None, [], "") for expected in GOLDEN), "no expected.json has it"
        return
    value = getattr(extract(page(), URL, fetched_at=FETCHED_AT, raw=RAW), field.name)
    assert (replace(value, fields={}) if isinstance(value, Extraction) else value) == EXTRACTED[field.name]


@EACH
def test_the_terminal_lists_the_field(field: Field) -> None:
    assert (field.name in printed(display.show_fields, full_article())) is field.is_listed


@EACH
def test_explain_has_a_row_of_a_field_with_evidence(field: Field) -> None:
    evidence = {each.name: Evidence(origin="meta", text="found") for each in FIELDS if each.has_evidence}
    explained = full_article(extraction=Extraction(version="1", fields=evidence))
    assert (field.name in printed(explain.show, explained)) is (field.is_listed and field.has_evidence)


@EACH
def test_the_difference_of_revisions_has_a_field_that_readers_see(field: Field) -> None:
    changed = [change.name for change in difference(full_article(), another(field.name)).fields]
    assert changed == ([field.name] if field.is_compared else [])


@EACH
def test_the_content_digests_that_are_stored_change_with_the_field_as_the_list_says(field: Field) -> None:
    one, other = content_digests(full_article()), content_digests(another(field.name))
    changed = {part.name for part in fields(one) if getattr(one, part.name) != getattr(other, part.name)}
    assert changed == {field.change} - {None, "difference"}


@EACH
def test_a_replay_compares_what_the_page_says(field: Field) -> None:
    assert list(differences(full_article(), another(field.name))) == ([] if field.is_about_reading else [field.name])


@EACH
def test_the_page_of_the_console_shows_the_field(console_page: html.HtmlElement, field: Field) -> None:
    facts = {each.findtext("dt"): each.find("dd").text_content() for each in console_page.cssselect("dl > div")}
    if field.console:
        assert facts[field.console] == FACTS.get(field.name, as_text(getattr(full_article(), field.name)))
    elif field.console == OWN_PLACE:
        selector, text = PLACES[field.name]
        shown = [" ".join(each.text_content().split()) for each in console_page.cssselect(f"main {selector}")]
        assert any(text in each for each in shown)


@EACH
def test_a_row_of_csv_has_the_field(field: Field) -> None:
    one, other = ([cell.text(each) for cell in csv_file.CELLS] for each in (full_article(), another(field.name)))
    assert (one != other) is field.is_in_csv


@EACH
def test_a_row_of_parquet_and_of_athena_has_the_field(field: Field) -> None:
    assert schema.row(full_article())[field.name] != schema.row(another(field.name))[field.name]


def test_the_table_in_the_template_has_the_columns_of_an_export() -> None:
    template = TEMPLATE.read_text("utf-8")
    assert with_columns(template) == template, "stale: run make reference"


def test_a_template_without_its_list_of_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="0 lists of columns"):
        with_columns("Resources: {}")


@EACH
def test_the_api_describes_the_field(field: Field) -> None:
    assert field.name in document()["components"]["schemas"]["Article"]["properties"]


def test_sources_have_rules_for_the_fields_that_the_list_says_and_drafts_speak_of_all_of_them() -> None:
    rules = [field.rule for field in FIELDS if field.rule]
    assert sorted(Rules.__struct_fields__) == sorted([*rules, *OTHER_RULES])
    assert sorted(source_draft.FIELDS) == sorted(rules)


@pytest.mark.parametrize("field", [each for each in FIELDS if each.rule], ids=lambda field: str(field.name))
def test_a_rule_of_a_source_finds_the_field(field: Field) -> None:
    rule = f'{field.rule} = ["main .ruled{" a" if field.name == "related" else ""}"]'
    source = f'version = 1\npublisher = "Daily"\nhosts = ["daily.example"]\n[rules]\n{rule}'
    held, value = SELECTED.get(field.name, ("Words of the rule", "Words of the rule"))
    found = extract(page(article=f'<div class="ruled">{held}</div>'), URL, sources=Registry({"daily.toml": source}))
    assert getattr(found, field.name) == value
    assert not field.has_evidence or found.extraction.fields[field.name].origin == "source rule"


@pytest.mark.parametrize("field", [each for each in FIELDS if each.rule], ids=lambda field: str(field.name))
def test_drafts_know_class_names_for_the_field(field: Field) -> None:
    assert field.class_words
