"""A hook of mkdocs: documents that hosting sites look for at the top level are pages of the manual, too."""

import posixpath
import re
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]
_DOCUMENTS = {"operations/security.md": "SECURITY.md", "changelog.md": "CHANGELOG.md"}


def on_page_markdown(markdown: str, *, page: Any, **_: object) -> str:
    """Return the text of a page: where it stands for a top-level document, that document's."""
    address = str(page.file.src_uri)
    if address not in _DOCUMENTS:
        return markdown
    return from_page((_ROOT / _DOCUMENTS[address]).read_text("utf-8"), address)


def from_page(text: str, address: str) -> str:
    """Return a top-level document with its links as they are from a page of the manual.

    Args:
        text: The document; it links to pages of the manual below ``docs/``, and to other top-level documents.
        address: The page's path below ``docs/``.
    """
    pages = {document: page for page, document in _DOCUMENTS.items()}

    def link(match: re.Match[str]) -> str:
        target = pages.get(match[1], match[1].removeprefix("docs/"))
        return f"]({posixpath.relpath(target, posixpath.dirname(address) or '.')}{match[2] or ''})"

    return re.sub(r"\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)", link, text)
