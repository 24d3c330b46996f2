"""Writes what pages do not contain as JSON lines: the frontier, gone articles, forgotten ones, dead letters.

Pages travel as files (``aws s3 sync``), and articles are rebuilt from them. The lines are written one by one, whatever
their number. Nothing else needs to stand still meanwhile, but what changes during the dump may or may not be in it.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import msgspec

from khobor import __version__
from khobor.transfer.place import Place
from khobor.transfer.records import (
    VERSION,
    End,
    FailedRecord,
    ForgottenArticle,
    ForgottenUrl,
    Gone,
    Header,
    Host,
    Line,
    Record,
    Url,
    WaitingRequest,
    tag_of,
)

_encoder = msgspec.json.Encoder()


def dump(place: Place, now: datetime) -> Iterator[bytes]:
    """Yield the lines of a dump, each with its line feed.

    Args:
        place: What is dumped.
        now: The time. URLs that are not known any more are left out.
    """
    counts: Counter[str] = Counter()
    yield _line(Header(version=VERSION, khobor=__version__, at=now))
    for record in _records(place, now):
        counts[tag_of(record)] += 1
        yield _line(record)
    yield _line(End(counts=dict(counts)))


def _records(place: Place, now: datetime) -> Iterator[Record]:
    """Yield the records. What is forgotten comes first, so that a load that is stopped lets nothing come back."""
    for article_id, at in place.archive.all_forgotten():
        yield ForgottenArticle(article_id=article_id, at=at)
    for url_id, at in place.frontier.urls.all_forgotten():
        yield ForgottenUrl(url_id=url_id, at=at)
    for known_url, written_at in place.frontier.urls.all(now):
        yield Url(**vars(known_url), written_at=written_at)
    for host in place.frontier.hosts.all():
        yield Host(**vars(host))
    for request, sent_at in place.requests():
        yield WaitingRequest(request=request, sent_at=sent_at)
    for mark in place.archive.all_gone():
        yield Gone(article_id=mark.article_id, at=mark.at, reason=mark.reason)
    dead_letters: Iterator[FailedRecord] = iter(place.dead_letters())
    yield from dead_letters


def _line(line: Line) -> bytes:
    return _encoder.encode(line) + b"\n"
