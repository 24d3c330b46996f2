"""Articles for reading in a terminal."""

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from khobor.article import Article, Block, Image
from khobor.cli.terminal import reading_width

# Lines longer than this are hard to read.
WIDTH = 88
_LEADS = {"heading": "bold", "quote": "italic"}


def show_summary(console: Console, article: Article) -> None:
    """Print an article in three lines: the title, who and when, where."""
    facts = [article.source, _byline(article), _when(article), f"{article.word_count} words"]
    console.print(Text(article.title or "(no title)", style="bold"))
    console.print(Text("  " + " · ".join(filter(None, facts))))
    console.print(Text(f"  {article.canonical_url or article.url or article.article_id}", style="cyan"), soft_wrap=True)


def show_fields(console: Console, article: Article) -> None:
    """Print every field that the article has, one a line, the body left out."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in values(article).items():
        if value:
            table.add_row(name, Text(value))
    console.print(table)


def values(article: Article) -> dict[str, str | None]:
    """Return each field as a text to be read, by its name; None or empty where the article has none."""
    raw = article.raw
    return {
        "title": article.title,
        "kicker": article.kicker,
        "description": article.description,
        "authors": _byline(article),
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "modified_at": article.modified_at.isoformat() if article.modified_at else None,
        "edition": article.edition,
        "source": article.source,
        "publisher": article.publisher.name if article.publisher else None,
        "section": article.section,
        "genre": article.genre,
        "dateline": article.dateline,
        "language": article.language,
        "tags": ", ".join(article.tags),
        "credits": ", ".join(article.credits),
        "images": "; ".join(_caption(image) for image in article.images),
        "body": _counts(article),
        "related": _links(article),
        "is_accessible_for_free": _yes_or_no(value=article.is_accessible_for_free),
        "url": article.url,
        "canonical_url": article.canonical_url,
        "article_id": article.article_id,
        "raw": f"s3://{raw.bucket}/{raw.key}" if raw else None,
    }


def show_text(console: Console, article: Article) -> None:
    """Print an article to be read: headline, byline, lead image, body."""
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
    return Padding(text, (0, 0, 0, 4), expand=False) if block.kind == "quote" else text


def _links(article: Article) -> str | None:
    count = len(article.related)
    return f"{count} link{'s' if count > 1 else ''}" if count else None


def _counts(article: Article) -> str:
    paragraphs = sum(block.kind == "paragraph" for block in article.body)
    return f"{paragraphs} paragraphs, {article.word_count} words"


def _yes_or_no(*, value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def _caption(image: Image) -> str:
    return " — ".join(filter(None, [image.caption, image.credit, image.url]))


def _byline(article: Article) -> str:
    return ", ".join(author.name for author in article.authors)


def _when(article: Article) -> str:
    return f"{article.published_at:%Y-%m-%d %H:%M %z}" if article.published_at else ""
