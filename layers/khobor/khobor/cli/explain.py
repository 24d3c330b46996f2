"""What ``khobor parse --explain`` shows: where each field came from, and what else was said of it."""

import textwrap

from rich.console import Console
from rich.table import Table
from rich.text import Text

from khobor.article import Article, Evidence
from khobor.cli import display

_LONGEST_VALUE = 70
_LONGEST_TEXT = 90


def show(console: Console, article: Article) -> None:
    """Print a row for each field that was found, and dimmed below it what the other candidates said.

    Args:
        console: Where to print.
        article: The article, with its evidence.
    """
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    table.add_column("field", no_wrap=True)
    table.add_column("value", overflow="fold", ratio=3)
    table.add_column("origin", style="cyan", no_wrap=True)
    table.add_column("as found", overflow="fold", ratio=3)
    values = display.values(article)
    for name in [name for name in values if name in article.extraction.fields]:
        evidence = article.extraction.fields[name]
        value = Text(short(values[name] or "", _LONGEST_VALUE))
        if notes := _notes(evidence):
            value.append(f"\n{notes}", style="red" if evidence.is_disputed else "dim")
        table.add_row(name, value, evidence.origin, Text(short(evidence.text, _LONGEST_TEXT)))
        for claim in evidence.refused:
            said = Text(f"{short(claim.text, _LONGEST_TEXT)} (not believed: {claim.reason})", style="dim")
            table.add_row("", "", Text(claim.origin, style="dim"), said)
        for other in evidence.others:
            table.add_row("", "", Text(other.origin, style="dim"), Text(short(other.text, _LONGEST_TEXT), style="dim"))
    console.print(table)
    console.print()
    if reason := article.extraction.not_article:
        text = short(article.extraction.refusal_text, _LONGEST_TEXT)
        console.print(Text(f"no article {reason}{text}", style="red"))
    console.print(Text(f"rules      {article.extraction.rules or 'none: no source publishes this host'}", style="dim"))
    if absent := [name for name, value in values.items() if not value]:
        console.print(Text(f"not found  {', '.join(absent)}", style="dim"))


def short(text: str, width: int) -> str:
    """Return a text on one line, cut between words; a word that is longer by itself is cut where it ends.

    Args:
        text: The text.
        width: The most characters.

    >>> short("one two three", 9), short("https://example.com/a/long/path", 12)
    ('one two …', 'https://exam…')
    """
    cut = textwrap.shorten(text, width, placeholder=" …", break_on_hyphens=False)
    line = " ".join(text.split())
    return cut if cut.strip() != "…" or not line else f"{line[:width]}…"


def _notes(evidence: Evidence) -> str:
    notes = [
        f"to the {evidence.precision}" if evidence.precision else "",
        f"{evidence.assumed_zone} assumed" if evidence.assumed_zone else "",
        f"confirmed by {', '.join(evidence.confirmed_by)}" if evidence.confirmed_by else "",
        "disputed" if evidence.is_disputed else "",
    ]
    return ", ".join(filter(None, notes))
