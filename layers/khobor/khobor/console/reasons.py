"""The reasons why a page does not become an article, with what each means and what a reader can do."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

_STATUS = re.compile(r"http_([1-9](?:\d\d|xx))")
_WAIT = "Try it again later."
_URL = "Check the URL in a browser."
_SAVE = "Open the page in a browser, save it, and upload the file."
_REPORT = "This is a bug in khobor. Please report it with the page."
_SAVE_AGAIN = "Save the page again and upload the new file."
_RULE = "If a reader sees an article on this page, write a rule for its source: khobor new-source URL drafts one."
_FOREIGN = "Another program writes to the archive table; find out which one."
_EXPORT = "The archive has the article; khobor export writes it."
_ARTICLE = "Give the URL of a single article instead."


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
    "unknown_source": _Words("The source no longer exists.", "Upload its file again, then send the message back."),
    "not_a_listing": _Words("The message does not refer to a listing that khobor fetched.", _REPORT),
    # Fetch.
    "robots_disallowed": _Words(
        "The site's robots.txt does not allow khobor to fetch this URL.",
        "Ask the publisher, or save the page in a browser and upload the file.",
    ),
    "bad_url": _Words("This is not the URL of a web page.", "Give a complete URL, with https:// and a host."),
    "bad_message": _Words("The message to fetch this URL is malformed.", "Give a complete URL, with https://."),
    "url_too_long": _Words("The URL is too long to be stored with the page.", "Give the canonical URL of the article."),
    "forbidden_address": _Words(
        "The host's address is private or on this machine; khobor fetches only from public addresses.",
        "Upload the page as a file. For a site on this machine, start khobor console with --allow-loopback.",
    ),
    "forbidden_port": _Words("khobor fetches only from the usual ports of web servers.", _SAVE),
    "unknown_host": _Words("The host does not exist.", "Check the spelling of the URL."),
    "name_lookup_failed": _Words("The DNS lookup of the host failed.", _WAIT),
    "timeout": _Words("The site did not answer in time.", _WAIT),
    "connection_failed": _Words("The connection to the site failed or was interrupted.", _WAIT),
    "tls": _Words("The TLS connection to the site failed.", _WAIT),
    "tls_certificate": _Words("The TLS certificate of the site cannot be trusted.", _SAVE),
    "too_many_redirects": _Words("The URL redirects too many times.", _URL),
    "bad_redirect": _Words("The URL redirects to something that is not a web address.", _URL),
    "bad_headers": _Words("The response has invalid headers.", _SAVE),
    "bad_encoding": _Words("The compressed response is damaged.", _WAIT),
    "unknown_encoding": _Words("The response is compressed in a way that khobor does not support.", _SAVE),
    "host_busy": _Words(
        "The site is paused: it failed too often, asked for a pause, or its robots.txt cannot be read.",
        f"{_WAIT} The Sources page shows which sites are paused, and until when.",
    ),
    # Fetch and parse.
    "not_html": _Words(
        "This is not an HTML page but, for example, an image, a PDF or a feed.",
        "Give the HTML page of an article.",
    ),
    "error_page": _Words("The page is an error message of the site.", _WAIT),
    "too_large": _Words("The page is larger than the parameter MaxPageBytes allows.", "Raise it, or skip the page."),
    # Parse.
    "empty": _Words("The page is empty.", _SAVE_AGAIN),
    "truncated_gzip": _Words("The compressed page is truncated.", _SAVE_AGAIN),
    "bad_gzip": _Words("The compressed page is damaged.", _SAVE_AGAIN),
    "no_such_object": _Words("The page was deleted from the raw bucket before it was read.", "Add it again."),
    "not_an_s3_event": _Words("The message to parse is not about an object of the raw bucket.", _REPORT),
    "nested_too_deeply": _Words("The elements of the page are nested too deeply.", _RULE),
    "too_slow": _Words(
        "Extracting the page took too long; the message says where the time was spent.",
        "Please report it with the page, and send the message back once it is fixed.",
    ),
    "too_much_memory": _Words(
        "Extracting the page took too much memory.",
        "Please report it with the page, and send the message back once it is fixed.",
    ),
    "out_of_time": _Words(
        "Other pages of the same batch repeatedly used up the function's time.", "Send the message back."
    ),
    "too_many_parts": _Words("The page is streamed in more parts than any article.", _RULE),
    "too_many_attributes": _Words("A tag of the page has more attributes than any tag of an article.", _RULE),
    "too_many_tags": _Words("The page has more elements than any article.", _RULE),
    "redirect_page": _Words("The page only leads to another one.", "Give the URL of that page; the message has it."),
    "search_page": _Words("This is a page of search results.", _ARTICLE),
    "forum_page": _Words("This is a thread of a forum, or a question with its answers.", _ARTICLE),
    "product_page": _Words("This is the page of a product.", _ARTICLE),
    "collection_page": _Words("This is a collection of products or pages.", _ARTICLE),
    "service_page": _Words("This is a page about the site or one of its users.", _ARTICLE),
    "tag_page": _Words("This is a list of articles about one topic.", _ARTICLE),
    "front_page": _Words("This is a list of headlines, such as a home page or a section.", _ARTICLE),
    "login_page": _Words("The site asks readers to sign in.", "Sign in, save the article in a browser, and upload it."),
    "consent_page": _Words("The page asks for consent to cookies and shows no article.", _SAVE),
    "app_shell": _Words("The page is empty until a browser runs its scripts, and khobor runs none.", _SAVE),
    "no_headline": _Words("The page has neither a headline nor running text.", _RULE),
    "no_body": _Words("The page has a headline, but no article text was found.", _RULE),
    # Store.
    "article_too_large": _Words("The article is too large for an SQS message.", _REPORT),
    "not_an_article": _Words("The message holds no article.", _REPORT),
    "contended": _Words("Several writers changed the same article at the same time, repeatedly.", _WAIT),
    "throttled": _Words("DynamoDB throttled the request.", _WAIT),
    "forgotten": _Words(
        "The article was deleted for good with khobor forget, and is never stored again.", "There is nothing to do."
    ),
    "no_answer": _Words(
        "The page is neither in the archive nor in a dead-letter queue yet. It may still be waiting in a queue.",
        "Check the dead-letter queues and alarms of the stack; khobor trace shows what the functions did.",
    ),
    # Announce and deliver.
    "not_a_headline": _Words("A record of the archive table is not the headline of an article.", _FOREIGN),
    "not_an_item": _Words("A record of the archive table was not written by khobor.", _FOREIGN),
    "event_not_taken": _Words("The event bus rejected the event.", "Fix the cause, then send the message back."),
    "row_not_taken": _Words("The delivery stream rejected the row.", "Fix the cause, then send the message back."),
    "row_too_large": _Words("The article is too large for the delivery stream.", _EXPORT),
    # A local archive.
    "disk_full": _Words("The disk of the archive is full.", "Free some space, then try again."),
    "disk_error": _Words("The disk of the archive failed.", "Check the disk, then try again."),
    "read_only": _Words("The archive cannot be written.", "Check the permissions of its folder, then try again."),
    "bad_key": _Words("The key of the page is not valid for a file of the archive.", _REPORT),
    # Files with several pages.
    "bad_zip": _Words("The zip file is damaged.", "Get the file again."),
    "encrypted": _Words("The page is encrypted in its zip file.", "Extract it with its password first."),
    "unknown_compression": _Words("khobor does not read this kind of compression.", "Extract it with another program."),
    "no_page_in_mhtml": _Words("The MHTML file has no HTML part.", _SAVE_AGAIN),
    "truncated_mhtml": _Words("The MHTML file ends in the middle of its page.", _SAVE_AGAIN),
    "bad_record": _Words("The record of the WARC file is not an HTTP response.", "Get the file again."),
    "truncated_record": _Words("The record of the WARC file holds a part of its page only.", "Get the file again."),
    # Any.
    "crashed": _Words("khobor failed unexpectedly.", _REPORT),
    "aws_failed": _Words("A call to AWS failed.", "Check your credentials and the stack, then try again."),
}
_STATUSES = {
    401: _Words("The site asks for a user name and password.", _SAVE),
    402: _Words("The site asks for payment for this page.", _SAVE),
    403: _Words("The site does not allow khobor to fetch this page.", _SAVE),
    404: _Words("The site has no page at this URL.", f"{_URL} It may have moved, or not be published yet."),
    410: _Words("The site has removed this page for good.", _URL),
    429: _Words("The site asks to send fewer requests.", _WAIT),
    451: _Words("The page is unavailable for legal reasons.", _URL),
}


def explain(reason: str) -> Explanation:
    """Return what a reason means, or for an unknown reason where to find out.

    >>> explain("http_503").meaning
    'The site failed (503, Service Unavailable).'
    """
    words = _of_status(reason) or _REASONS.get(reason)
    if words is None:
        words = _Words("There is no description of this reason.", "khobor trace URL prints what the logs say.")
    return Explanation(reason=reason, meaning=words.meaning, advice=words.advice)


def _of_status(reason: str) -> _Words | None:
    found = _STATUS.fullmatch(reason)
    if not found:
        return None
    if found[1].endswith("xx"):
        return _Words(f"The site did not return a page ({found[1]}); the log has the exact status.", _URL)
    status = int(found[1])
    if status in _STATUSES:
        return _STATUSES[status]
    name = f"{status}, {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Words(f"The site failed ({name}).", _WAIT)
    return _Words(f"The site did not return a page ({name}).", _URL)
