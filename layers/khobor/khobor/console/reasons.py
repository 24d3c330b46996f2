"""The reasons why a page does not become an article, in words: what each means, and what a reader can do."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

_STATUS = re.compile(r"http_([1-9](?:\d\d|xx))")
_WAIT = "Try it again later."
_URL = "Check the URL in a browser."
_SAVE = "Open the page in a browser, save it, and upload the file."
_REPORT = "This is a fault of khobor; report it with the page, please."
_SAVE_AGAIN = "Save the page again and upload the new file."
_RULE = "If a reader sees an article on this page, write a rule for its source: khobor new-source URL drafts one."
_FOREIGN = "Something else than khobor writes to the archive table; find out what."
_EXPORT = "The archive has the article; khobor export writes it."
_ARTICLE = "Give the URL of one article instead."


class _Words(NamedTuple):
    meaning: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What a reason means.

    Attributes:
        reason: The slug that logs, metrics and dead-letter messages share.
        meaning: What happened, in a sentence.
        advice: What a reader can do.
    """

    reason: str
    meaning: str
    advice: str


_REASONS = {
    # Discover.
    "unknown_source": _Words(
        "There is no source of this name any more.", "Upload the source again, then send the message back."
    ),
    "not_a_listing": _Words("This is not a listing that khobor fetched.", _REPORT),
    # Fetch.
    "robots_disallowed": _Words(
        "The site's robots.txt asks programs not to fetch this URL, and khobor follows it.",
        "Ask the publisher, or save the page in a browser and upload the file.",
    ),
    "bad_url": _Words("This is not the URL of a web page.", "Give a whole URL, with https:// and a host."),
    "bad_message": _Words("The request for this URL could not be understood.", "Give a whole URL, with https://."),
    "url_too_long": _Words("The URL is longer than the raw bucket can note.", "Give the canonical URL of the article."),
    "forbidden_address": _Words(
        "The host is at an address inside a private network, or on this machine; only public ones are asked.",
        "Upload the page as a file. For a site on this machine, start khobor console with --allow-loopback.",
    ),
    "forbidden_port": _Words("Only the usual ports of web servers are asked.", _SAVE),
    "unknown_host": _Words("There is no host of this name.", "Check the spelling of the URL."),
    "name_lookup_failed": _Words("The name of the host could not be looked up just now.", _WAIT),
    "timeout": _Words("The site did not answer in time.", _WAIT),
    "connection_failed": _Words("The connection to the site could not be made, or broke off.", _WAIT),
    "tls": _Words("The encrypted connection to the site failed.", _WAIT),
    "tls_certificate": _Words("The certificate of the site cannot be trusted, so that anybody could answer.", _SAVE),
    "too_many_redirects": _Words("The URL leads on and on, and never to a page.", _URL),
    "bad_redirect": _Words("The URL leads to something that is not a web address.", _URL),
    "bad_headers": _Words("The answer of the site has headers that cannot be read.", _SAVE),
    "bad_encoding": _Words("The answer was damaged on its way.", _WAIT),
    "unknown_encoding": _Words("The site compresses the page in a way that was not asked for.", _SAVE),
    "host_busy": _Words(
        "The site is not to be asked now: it failed too often, asked for a pause, or its robots.txt cannot be read.",
        f"{_WAIT} The page Sources shows which sites are left alone, and until when.",
    ),
    # Fetch and parse.
    "not_html": _Words(
        "This is not a web page, but something else, such as a picture, a PDF or a feed.",
        "Give the page of an article, in HTML.",
    ),
    "error_page": _Words("The site shows an error message in place of the page.", _WAIT),
    "too_large": _Words("The page is larger than the parameter MaxPageBytes allows.", "Raise it, or skip the page."),
    # Parse.
    "empty": _Words("There is nothing in the page.", _SAVE_AGAIN),
    "truncated_gzip": _Words("The compressed page ends too early.", _SAVE_AGAIN),
    "bad_gzip": _Words("The compressed page is damaged.", _SAVE_AGAIN),
    "no_such_object": _Words("The page was deleted from the raw bucket before it was read.", "Add it again."),
    "not_an_s3_event": _Words("The message to parse is not about an object of the raw bucket.", _REPORT),
    "nested_too_deeply": _Words("The page has elements within elements beyond all measure.", _RULE),
    "too_slow": _Words(
        "Reading the page took longer than any page should; where it was then, its message says.",
        "Report it with the page, please; send the message back once khobor reads such pages faster.",
    ),
    "too_much_memory": _Words(
        "Reading the page took more memory than any page should.",
        "Report it with the page, please; send the message back once khobor reads such pages with less.",
    ),
    "out_of_time": _Words(
        "Other pages of the same batch took the time of the function, again and again.", "Send the message back."
    ),
    "too_many_attributes": _Words("A tag of the page has more attributes than any tag of an article.", _RULE),
    "too_many_tags": _Words("The page has more elements than any article.", _RULE),
    "search_page": _Words("This is a page of search results.", _ARTICLE),
    "tag_page": _Words("This is a list of articles about one topic.", _ARTICLE),
    "front_page": _Words("This is a list of headlines, such as a home page or a section.", _ARTICLE),
    "login_page": _Words("The site asks readers to sign in.", "Sign in, save the article in a browser, and upload it."),
    "consent_page": _Words("The site shows its question about cookies and no article.", _SAVE),
    "app_shell": _Words("The page is empty until a browser runs its scripts, which khobor does not.", _SAVE),
    "no_headline": _Words("No headline was found on the page.", _RULE),
    "no_body": _Words("A headline was found, but no text of an article.", _RULE),
    # Store.
    "article_too_large": _Words("The article is larger than a queue takes.", _REPORT),
    "not_an_article": _Words("The message to store holds no article.", _REPORT),
    "contended": _Words("Others wrote to the same article at the same time, again and again.", _WAIT),
    "throttled": _Words("The archive could not take more at that time.", _WAIT),
    "forgotten": _Words(
        "Somebody deleted this article for good with khobor forget; it is never stored again.", "Nothing is to be done."
    ),
    "no_answer": _Words(
        "The page is neither in the archive nor among the dead letters so far. It may wait behind much else.",
        "Look at the dead letters and the alarms of the stack; khobor trace shows what the functions did.",
    ),
    # Announce and deliver.
    "not_a_headline": _Words("A record of the archive table is no headline of an article.", _FOREIGN),
    "not_an_item": _Words("A record of the archive table is no item of khobor.", _FOREIGN),
    "event_not_taken": _Words("The event bus did not take the event.", "Send it back once its cause is gone."),
    "row_not_taken": _Words("The delivery stream did not take the row.", "Send it back once its cause is gone."),
    "row_too_large": _Words("The row of this article is larger than the delivery stream takes.", _EXPORT),
    # Any.
    "crashed": _Words("khobor itself failed on it.", _REPORT),
    "aws_failed": _Words("AWS did not do what it was asked.", "Check your credentials and the stack, then try again."),
}
_STATUSES = {
    401: _Words("The site asks for a name and a password.", _SAVE),
    402: _Words("The site asks to be paid for this page.", _SAVE),
    403: _Words("The site refuses to give this page to khobor.", _SAVE),
    404: _Words("The site has no page at this URL.", f"{_URL} It may have moved, or not be published yet."),
    410: _Words("The site had a page here and removed it for good.", _URL),
    429: _Words("The site asks to send fewer requests.", _WAIT),
    451: _Words("The site may not show this page, for legal reasons.", _URL),
}


def explain(reason: str) -> Explanation:
    """Return what a reason means; of one that is not known, where more is found.

    >>> explain("http_503").meaning
    'The site has a fault of its own (503, Service Unavailable).'
    """
    words = _of_status(reason) or _REASONS.get(reason)
    if words is None:
        words = _Words("This reason has no description here.", "The logs say more: khobor trace URL prints them.")
    return Explanation(reason=reason, meaning=words.meaning, advice=words.advice)


def is_explained(reason: str) -> bool:
    """Whether a reason has a description of its own."""
    return reason in _REASONS or _STATUS.fullmatch(reason) is not None


def _of_status(reason: str) -> _Words | None:
    found = _STATUS.fullmatch(reason)
    if not found:
        return None
    if found[1].endswith("xx"):
        return _Words(f"The site did not answer with a page ({found[1]}); the log has the status.", _URL)
    status = int(found[1])
    if status in _STATUSES:
        return _STATUSES[status]
    name = f"{status}, {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Words(f"The site has a fault of its own ({name}).", _WAIT)
    return _Words(f"The site did not answer with a page ({name}).", _URL)
