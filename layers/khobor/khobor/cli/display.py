"""Articles for reading in a terminal."""

from collections.abc import Callable, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khobor.article import Article, Block, Image
from khobor.cli.terminal import reading_width
from khobor.field_orders import LISTED
from khobor.fields import as_text

# Lines longer than this are hard to read.
WIDTH = 88
_LEADS = {"heading": "bold", "quote": "italic"}


def show_summary(console: Console, article: Article) -> None:
    """Print an article in three lines: the title, who and when, where.

    Args:
        console: Where to print.
        article: The article.
    """
    facts = [article.source, _byline(article), _when(article), f"{article.word_count} words"]
    console.print(Text(article.title or "(no title)", style="bold"))
    console.print(Text("  " + " · ".join(filter(None, facts))))
    console.print(Text(f"  {article.canonical_url or article.url or article.article_id}", style="cyan"), soft_wrap=True)


def show_fields(console: Console, article: Article) -> None:
    """Print every field that the article has, one a line, the body left out.

    Args:
        console: Where to print.
        article: The article.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in values(article).items():
        if value:
            table.add_row(name, Text(value))
    console.print(table)


def values(article: Article) -> dict[str, str | None]:
    """Return each listed field as a text to be read, by its name; None or empty where the article has none."""
    return {field.name: _OWN_TEXTS.get(field.name, _usual_text(field.name))(article) for field in LISTED}


def _usual_text(name: str) -> Callable[[Article], str | None]:
    return lambda article: as_text(getattr(article, name))


def show_text(console: Console, article: Article) -> None:
    """Print an article to be read: headline, byline, lead image, body.

    Args:
        console: Where to print.
        article: The article.
    """
    parts: list[RenderableType] = [Text(article.title or "(no title)", style="bold"), Text("")]
    if article.description:
        parts += [Text(article.description, style="italic"), Text("")]
    parts += [Text(" · ".join(filter(None, [_byline(article), _when(article), article.source])), style="dim"), Text("")]
    for block in article.body:
        parts += [_block(block), Text("")]
    console.print(Group(*parts), width=reading_width(console, WIDTH))


def _block(block: Block) -> RenderableType:
    if block.kind == "list":
        return Group(*(Text(f"  • {item}") for item in block.items))
    if block.image:
        return Text(f"[{_caption(block.image)}]", style="dim")
    text = Text(block.text or block.url or "", style=_LEADS.get(block.kind, ""))
    return Padding(text, (0, 0, 0, 4), expand=False) if block.kind in {"quote", "code"} else text


def _links(article: Article) -> str | None:
    count = len(article.related)
    return f"{count} link{'s' if count > 1 else ''}" if count else None


def _counts(article: Article) -> str:
    paragraphs = sum(block.kind == "paragraph" for block in article.body)
    return f"{paragraphs} paragraphs, {article.word_count} words"


def _caption(image: Image) -> str:
    return " — ".join(filter(None, [image.caption, image.credit, image.url]))


def _byline(article: Article) -> str:
    return ", ".join(author.name for author in article.authors)


def _when(article: Article) -> str:
    return f"{article.published_at:%Y-%m-%d %H:%M %z}" if article.published_at else ""


# The fields whose values are too long to be listed as they are.
_OWN_TEXTS: Mapping[str, Callable[[Article], str | None]] = {
    "images": lambda article: "; ".join(_caption(image) for image in article.images),
    "body": _counts,
    "related": _links,
}
