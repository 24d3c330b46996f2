"""Every bundled source has a page, and every rule of it selects something there."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from khobor.extract import extract
from khobor.extract.document import Document
from khobor.sources.registry import bundled_sources
from khobor.sources.source import Source

SOURCES = list(bundled_sources())
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def page(source: Source) -> bytes:
    return (Path(__file__).parent / source.name / "page.html").read_bytes()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.name))
def test_every_rule_selects_something(source: Source) -> None:
    document = Document(page(source), None)
    rules = msgspec.structs.asdict(source.rules_on(NOW))
    idle = [
        key
        for key, candidates in rules.items()
        if key != "boilerplate" and candidates and not any(map(document.ask, candidates))
    ]
    assert idle == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.name))
def test_the_page_is_read_by_the_rules_of_its_source(source: Source) -> None:
    article = extract(page(source), None, fetched_at=NOW)
    assert article.extraction.rules == source.reference_on(NOW)
    assert article.extraction.not_article is None
