"""The section that the article stands in, and the way to it."""

from urllib.parse import unquote, urlsplit

from khobor.extract import json_ld
from khobor.extract.document import Document
from khobor.extract.found import Found
from khobor.extract.text import clean, comparable, text_of

_MARKUP = ("[class*=breadcrumb] li", "[class*=breadcrumb] a", "[aria-label*=readcrumb] a", "[id*=breadcrumb] a")
_META = ("article:section", "section", "parsely-section", "cxenseparse:recs:category", "dc.subject")
_HOMES = frozenset({"home", "startseite", "accueil", "inicio", "start", "হোম", "প্রচ্ছদ", "নীড়পাতা"})


def find_breadcrumbs(document: Document, title: str | None) -> tuple[str, ...]:
    """Return the names on the way from the front page to the article, both left out."""
    crumbs = document.thing("BreadcrumbList").get("itemListElement")
    names = [clean(_name(item)) for item in crumbs] if isinstance(crumbs, list) else []
    for css in _MARKUP:
        names = names or [text_of(element) for element in document.select(css)]
    left_out = _HOMES | {comparable(title), comparable(document.first_meta("og:site_name")), ""}
    return tuple(dict.fromkeys(name for name in names if comparable(name) not in left_out))


def find_section(document: Document, breadcrumbs: tuple[str, ...], url: str | None) -> Found[str] | None:
    """Return the section's name as JSON-LD, meta or the breadcrumbs say it, else the first part of the URL's path."""
    if text := clean(json_ld.text(document.article.get("articleSection"))):
        return Found.at(text, "json-ld", text)
    if text := document.first_meta(*_META) or "":
        return Found.at(text, "meta", text)
    if breadcrumbs:
        return Found.at(breadcrumbs[0], "heuristic", " › ".join(breadcrumbs))
    path = [unquote(part) for part in urlsplit(url or "").path.split("/") if part]
    # A single part is the article itself, and a number a date or an id.
    return Found.at(path[0], "url", url or "") if len(path) > 1 and not path[0].isdecimal() else None


def _name(item: object) -> str | None:
    if not isinstance(item, dict):
        return None
    return json_ld.text(item.get("name")) or json_ld.text(item.get("item"))
