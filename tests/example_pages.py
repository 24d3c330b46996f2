"""Pages written for the tests."""

import json
from pathlib import Path
from typing import Any

KALBELA = Path(__file__).parent / "sources" / "kalbela" / "page.html"

PARAGRAPHS = (
    "The old bridge over the river was opened to traffic again on Monday, two years after the flood that damaged it.",
    "Engineers replaced four of its nine arches and laid a new deck, the city council said in a statement.",
    "The work cost about three million euros, a third more than planned when the repairs were agreed on.",
    "Residents of the eastern bank had to take a detour of eleven kilometres while the bridge was closed.",
)


def page(
    *,
    title: str = "Old bridge opens again",
    head: str = "",
    article: str = "",
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    json_ld: dict[str, Any] | None = None,
    lang: str = "en",
) -> bytes:
    """Return an ordinary page of news: headline, ``article`` between headline and paragraphs, a side column."""
    script = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld else ""
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title} | The Daily Test</title>{head}{script}</head><body>
<nav><a href="/">Home</a><a href="/city">City</a></nav>
<main><article><h1>{title}</h1>{article}
<div class="article-body">{"".join(f"<p>{text}</p>" for text in paragraphs)}</div></article></main>
<aside class="sidebar"><a href="/city/99">A dog found its way home over two hundred kilometres</a></aside>
<footer><p>All rights reserved by the publisher of this newspaper and its owners.</p></footer>
</body></html>""".encode()
