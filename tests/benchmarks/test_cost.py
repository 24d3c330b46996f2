"""The bill counts what the functions do, and make cost prints it."""

import json
import re
from pathlib import Path

import pytest
from tests.benchmarks.bill import ARTICLES, Assumptions, compute
from tests.benchmarks.cost import app
from tests.example_pages import KALBELA, page
from typer.testing import CliRunner

pytestmark = pytest.mark.slow


def bill(*pages: bytes, **assumptions: float) -> dict[str, float]:
    return {line.name: line.count for line in compute(pages, Assumptions(**assumptions)).articles}


def test_an_article_costs_no_more_than_promised() -> None:
    bill = compute([KALBELA.read_bytes()], Assumptions())
    # A test does not depend on the speed of the machine; on AWS it is about a twelfth.
    found, again, look = (
        sum(line.dollars for line in lines if line.name != "Lambda: time")
        for lines in (bill.articles, bill.again, bill.look)
    )
    assert ARTICLES == 100_000
    assert found < 2.9
    assert again < 0.5
    assert look < 0.5


def test_what_is_counted_is_what_the_functions_do() -> None:
    counts = bill(page(), page(title="Another bridge opens"))
    assert counts["S3: pages and large articles kept"] == 1
    assert counts["S3: pages and large articles read"] == 1
    assert counts["SQS: parse queue"] == pytest.approx(1.2)
    assert counts["DynamoDB: archive table"] == 14.5
    # Headline, what was seen, text, section, that it was added, the words of the title, and four for near duplicates.
    assert counts["DynamoDB: the archive table's stream"] == 12.5
    assert counts["EventBridge: what is announced"] == 1
    # That its listing told of news, and that its host and its source have work, is written once for both.
    assert counts["DynamoDB: crawl table"] == 6.5


def test_a_large_article_costs_more() -> None:
    large = page(paragraphs=tuple(f"Paragraph {number} tells of its bridge {number**7}." for number in range(9000)))
    counts = bill(large)
    assert counts["S3: pages and large articles kept"] == 2
    assert counts["S3: pages and large articles read"] == 2
    assert counts["DynamoDB: archive table"] > 50


def test_batches_that_are_not_full_cost_more() -> None:
    assert bill(page(), fill=0.1)["SQS: parse queue"] > bill(page())["SQS: parse queue"]


def test_what_is_announced_costs_events_invocations_and_no_reading_of_the_stream() -> None:
    one, ten = (
        {line.name: line for line in compute([page()], Assumptions(announced=number)).articles} for number in (1, 10)
    )
    assert one["EventBridge: what is announced"].dollars == pytest.approx(0.1)
    assert one["DynamoDB: the archive table's stream"].dollars == 0
    fewer = one["Lambda: invocations"].count - ten["Lambda: invocations"].count
    assert fewer == pytest.approx(0.9)


def test_a_page_that_holds_no_article_is_not_announced() -> None:
    assert bill(page(), b"<p>Nothing.</p>")["EventBridge: what is announced"] == 0.5


def test_the_report_is_of_the_bundled_page_unless_others_are_given() -> None:
    report = json.loads(CliRunner().invoke(app, ["--json"]).stdout)
    assert (report["articles"], report["pages_counted"], report["articles_counted"]) == (ARTICLES, 1, 1)
    assert report["dollars"] == pytest.approx(sum(line["dollars"] for line in report["lines"]))
    assert report["assumptions"]["fill"] == 1


def test_the_table_ends_with_the_total(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(page())
    text = CliRunner().invoke(app, [str(file), "--no-json"]).stdout
    (total,) = re.findall(r"total .*?([\d.]+) ", text)
    assert 1 < float(total) < 10
    assert "Computed from 1 page." in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nosuch.html", "nosuch.html: no such file or folder"),
        ("empty.html", "1 page, 0 articles: there is nothing to compute"),
        (".", ": this is a folder; give a file"),
    ],
)
def test_pages_that_give_no_bill_are_named(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "empty.html").write_bytes(b"<p>Nothing.</p>")
    result = CliRunner().invoke(app, [str(tmp_path / name)])
    # The terminal breaks long lines.
    assert result.exit_code == 1
    assert message in " ".join(result.stderr.split())
