"""Pages of the console, read as their reader reads them."""

from lxml import html
from tests.console.conftest import Reader
from werkzeug.test import TestResponse


def open_page(reader: Reader, path: str, **asked: str) -> html.HtmlElement:
    answer = reader.get(path, None, **asked)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def texts(root: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in root.cssselect(selector)]


def texts_of(answer: TestResponse, selector: str) -> list[str]:
    """Return the content of a response with any status."""
    return texts(html.fromstring(answer.text), selector)


def titles(reader: Reader, path: str, **asked: str) -> list[str]:
    return texts(open_page(reader, path, **asked), ".headlines h3")
