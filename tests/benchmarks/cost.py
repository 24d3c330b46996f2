"""What 100,000 articles cost on AWS, from counted calls, item sizes and list prices.

    python -m tests.benchmarks.cost saved/*.html --fill 0.5

prints the bill for pages like the given ones; for the bundled page if none are given.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from tests.benchmarks.bill import ARTICLES, CALL_SECONDS, Assumptions, Bill, compute

from khobor.cli.boundary import failures_in_words
from khobor.cli.options import Json
from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.terminal import output
from khobor.embedded.project import DEMO_PAGE
from khobor.errors import CommandError
from khobor.page import MAX_PAGE_BYTES, decompress


def main(
    pages: Annotated[
        list[Path] | None, typer.Argument(help="Pages to compute the costs of; by default the bundled page.")
    ] = None,
    answer_seconds: Annotated[float, typer.Option(help="How long a site takes to answer.")] = 0.4,
    hosts: Annotated[float, typer.Option(min=1, max=10, help="How many hosts the URLs of a batch have.")] = 5.0,
    announced: Annotated[float, typer.Option(min=1, max=100, help="How many articles are announced at once.")] = 2.0,
    fill: Annotated[float, typer.Option(min=0.01, max=1, help="How full the functions' batches are.")] = 1.0,
    as_json: Json = None,
) -> None:
    """Compute what 100,000 articles cost on AWS."""
    assumptions = Assumptions(answer_seconds=answer_seconds, hosts=hosts, announced=announced, fill=fill)
    with failures_in_words():
        contents = [_content(file) for file in pages or [DEMO_PAGE]]
        bill = compute(contents, assumptions)
        if not bill.stored:
            found = f"{counted(len(contents), 'page')}, 0 articles"
            raise CommandError(f"{found}: there is nothing to compute; khobor parse says why a page has no article")
        if wants_json(as_json):
            print_json(_facts(bill, len(contents), assumptions))
        else:
            _print(bill, len(contents), assumptions)


def _content(file: Path) -> bytes:
    return decompress(file.read_bytes(), str(file), MAX_PAGE_BYTES)


def _print(bill: Bill, pages: int, assumptions: Assumptions) -> None:
    lines = bill.articles
    table = Table(title=f"{ARTICLES:,} articles, us-east-1, list prices without free tiers", title_justify="left")
    table.add_column("for")
    table.add_column("per article", justify="right")
    table.add_column("unit")
    table.add_column("US dollars", justify="right")
    for line in lines:
        table.add_row(line.name, f"{line.count:.3g}", line.unit, f"{line.dollars:.3f}")
    table.add_section()
    table.add_row("total", "", "", f"{sum(line.dollars for line in lines):.2f}")
    output.print(table)
    again, look = (sum(line.dollars for line in lines) for lines in (bill.again, bill.look))
    output.print(
        f"To fetch each of them once more and find it unchanged: {again:.2f} dollars. "
        f"To fetch {ARTICLES:,} listings that did not change: {look:.2f} dollars."
    )
    output.print(
        f"Computed from {_what(bill, pages)}. Assumptions: a site answers in {assumptions.answer_seconds:g} s, "
        f"the URLs of a batch belong to {assumptions.hosts:g} hosts, a call to AWS takes {CALL_SECONDS * 1000:g} ms, "
        f"{assumptions.announced:g} articles are announced at a time, other batches are {assumptions.fill:.0%} full."
    )


def _what(bill: Bill, pages: int) -> str:
    if bill.stored == pages:
        return counted(pages, "page")
    return f"{counted(pages, 'page')}, of which {bill.stored:,} are articles"


def _facts(bill: Bill, pages: int, assumptions: Assumptions) -> dict[str, object]:
    """Return the bill as JSON, in US dollars."""
    lines = [
        {"for": line.name, "an_article": line.count, "unit": line.unit, "dollars": line.dollars}
        for line in bill.articles
    ]
    return {
        "articles": ARTICLES,
        "lines": lines,
        "dollars": sum(line.dollars for line in bill.articles),
        "dollars_to_look_again": sum(line.dollars for line in bill.again),
        "dollars_for_unchanged_listings": sum(line.dollars for line in bill.look),
        "pages_counted": pages,
        "articles_counted": bill.stored,
        "assumptions": asdict(assumptions),
    }


app = typer.Typer()
app.command()(main)

if __name__ == "__main__":
    app()
