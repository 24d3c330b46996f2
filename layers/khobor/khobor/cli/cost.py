"""What ``khobor cost`` shows: the bill of 100,000 articles."""

from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from khobor.cli.output import counted, print_json, wants_json
from khobor.cli.parse import read_page
from khobor.embedded.cost import ARTICLES, CALL_SECONDS, Assumptions, Bill, compute
from khobor.embedded.project import DEMO_PAGE
from khobor.errors import CommandError


def show(console: Console, files: list[Path], assumptions: Assumptions, *, as_json: bool | None) -> None:
    """Print the bill for pages like those of the files, or like the bundled one.

    Raises:
        CommandError: None of the pages holds an article.
    """
    pages = [read_page(str(file)) for file in files or [DEMO_PAGE]]
    bill = compute(pages, assumptions)
    if not bill.stored:
        raise CommandError(f"{counted(len(pages), 'page')}, 0 articles: nothing to count; khobor parse says why")
    if wants_json(as_json):
        print_json(_facts(bill, len(pages), assumptions))
    else:
        _print(console, bill, len(pages), assumptions)


def _print(console: Console, bill: Bill, pages: int, assumptions: Assumptions) -> None:
    lines = bill.articles
    table = Table(title=f"{ARTICLES:,} articles, us-east-1, list prices without free tiers", title_justify="left")
    table.add_column("for")
    table.add_column("an article", justify="right")
    table.add_column("unit")
    table.add_column("US dollars", justify="right")
    for line in lines:
        table.add_row(line.name, f"{line.count:.3g}", line.unit, f"{line.dollars:.3f}")
    table.add_section()
    table.add_row("altogether", "", "", f"{sum(line.dollars for line in lines):.2f}")
    console.print(table)
    again, look = (sum(line.dollars for line in lines) for lines in (bill.again, bill.look))
    console.print(
        f"To look at each of them again, and find it unchanged: {again:.2f} dollars. "
        f"{ARTICLES:,} looks at listings that did not change: {look:.2f} dollars."
    )
    console.print(
        f"Counted on {_what(bill, pages)}. Assumed: a site answers in "
        f"{assumptions.answer_seconds:g} s, "
        f"a batch of URLs is of {assumptions.hosts:g} hosts, a call to AWS takes {CALL_SECONDS * 1000:g} ms, "
        f"{assumptions.announced:g} articles are announced at a time, "
        f"other batches are filled to {assumptions.fill:.0%}."
    )


def _what(bill: Bill, pages: int) -> str:
    if bill.stored == pages:
        return counted(pages, "page")
    return f"{counted(pages, 'page')}, of which {bill.stored:,} became articles; the bill is for pages like them"


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
