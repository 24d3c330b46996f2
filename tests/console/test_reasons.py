"""Every reason with which a page fails has a description."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT

from khobor.console.reasons import explain
from khobor.extract.not_article import REASONS
from khobor.stages import BY_NAME

PACKAGE = ROOT / "layers" / "khobor" / "khobor"
# What meets a page on its way.
ROOMS = (
    *(path for room in ("deliver", "fetch", "frontier", "pages") for path in (PACKAGE / room).rglob("*.py")),
    *(PACKAGE / "announce" / f"{name}.py" for name in ("announcements", "event_bus")),
    PACKAGE / "archive" / "store_queue.py",
    *(PACKAGE / "archive" / "dynamodb" / f"{name}.py" for name in ("reader", "table", "writer")),
    *(PACKAGE / "aws" / f"{name}.py" for name in ("dynamodb", "s3_events")),
    *(PACKAGE / "discover" / f"{name}.py" for name in ("discover_queue", "listing_reader")),
    *(PACKAGE / f"{name}.py" for name in ("page", "url")),
    *(ROOT / "functions" / name / "app.py" for name in BY_NAME),
)


def raised(path: Path) -> Iterator[str]:
    """Yield the reasons of the errors that a module makes."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            match node.args[:1]:
                case [ast.Constant(value=str(reason))] if reason.replace("_", "").isalpha():
                    yield reason


def is_described(reason: str) -> bool:
    return explain(reason).meaning != explain("a_reason_that_nothing_has").meaning


def test_every_reason_is_described() -> None:
    found = {reason for path in ROOMS for reason in raised(path)}
    assert {"timeout", "too_large", "throttled", "forbidden_address"} <= found
    # Only who forgets an article meets this one, and not in the console.
    assert {reason for reason in found if not is_described(reason)} == {"not_deleted"}


def test_every_verdict_is_described() -> None:
    assert {reason for reason in REASONS if not is_described(reason)} == set()


def test_every_slug_for_a_page_without_an_article_is_listed() -> None:
    modules = ("extract/not_article", "extract/page_kind", "html/tree")
    nodes = (node for name in modules for node in ast.walk(ast.parse((PACKAGE / f"{name}.py").read_text())))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    slugs = {text for text in texts if text.endswith("_page") or text.startswith(("no_", "too_", "nested_"))}
    assert {"too_many_tags", "forum_page", "no_body"} <= slugs
    # The name of the vocabulary with the phrases.
    assert slugs - {"no_article"} <= set(REASONS)


@pytest.mark.parametrize("status", [400, 404, 418, 499, 500, 503, 599])
def test_every_status_is_described(status: int) -> None:
    found = explain(f"http_{status}")
    assert found.reason == f"http_{status}"
    assert found.meaning.startswith("The site")
    assert found.advice


def test_a_reason_that_nobody_knows_leads_to_the_logs() -> None:
    assert "khobor trace" in explain("something_new").advice
