"""The headline of an article as an item of the archive table, and headlines as they are read from items."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from khobor.archive.dynamodb import fetch_records
from khobor.archive.dynamodb.items import (
    HEADLINE,
    MOVED_FROM,
    REPLAYED,
    Item,
    Key,
    article_id_of,
    key,
    pk,
    texts_of,
)
from khobor.archive.fetch_digests import version
from khobor.archive.headlines import LISTED, Headline
from khobor.archive.times import at_offset, instant, listed_at_text, read_listed_at
from khobor.article import Article
from khobor.revisions.timeline import Revision

# A partition takes 1,000 writes a second. Four take all articles of one day at 10,000 a minute, and bulk imports.
DAY_SHARDS = 4
# The one partition of all articles by the time of their first fetch; a thousand articles a second fit.
ADDED = "added#all"
# Attributes that come from the article itself; the others come from its revisions.
_OF_ARTICLE = frozenset({"pk", "sk", "listed_at", "day", "version", "content", "postings", *LISTED})
_TEXTS = ("source", "title", "url", "section", "language", "title_before")


def listed_facts(article: Article) -> dict[str, str]:
    """Return what a list shows of an article. It is listed by when it was published, else by when it was fetched."""
    texts = {
        "source": article.source,
        "title": article.title,
        "url": article.canonical_url or article.url,
        "section": article.section,
        "language": article.language,
        "listed_at": listed_at_text(article.listed_at),
    }
    return {name: text for name, text in texts.items() if text}


def headline_item(article: Article, content: str) -> Item:
    """Return the headline of an article, without the summary of its revisions.

    Args:
        article: The newest fetch of the article.
        content: The digest of what readers see of it.
    """
    facts = listed_facts(article)
    shard = zlib.crc32(article.article_id.encode()) % DAY_SHARDS
    facts |= {"day": f"{article.listed_at.date()}#{shard}", "version": version(article), "content": content}
    return key(pk(article.article_id), HEADLINE) | texts_of(facts)


def posting_keys(postings: Iterable[Key]) -> Item:
    """Return the attribute of a headline that names the partition keys of its postings."""
    keys = sorted(pk for pk, _ in postings)
    return {"postings": {"SS": keys}} if keys else {}


def revision_summary(history: Mapping[str, Any], revisions: Sequence[Revision]) -> Item:
    """Return the attributes of a headline that summarise the article's revisions.

    Args:
        history: The history item.
        revisions: The revisions that follow from it, at least one.
    """
    last = revisions[-1]
    gone = fetch_records.gone_records(history)
    facts = {"gone_at": instant(last.first_seen_at), "gone_reason": gone[max(gone)]} if last.is_gone else {}
    facts["added_at"] = instant(revisions[0].first_seen_at)
    count = fetch_records.count(history)
    numbers = {"revisions": {"N": str(len(revisions))}, "sightings": {"N": str(count)}}
    summary: Item = numbers | texts_of(facts)
    return summary | ({"changes": {"SS": sorted(last.changes)}} if last.changes else {})


def reflects(headline: Mapping[str, Any] | None, history: Mapping[str, Any]) -> bool:
    """Return whether a headline was computed by this version of khobor from all of a history item.

    Args:
        headline: The headline; None if there is none.
        history: The item.
    """
    count = str(fetch_records.count(history))
    return headline is not None and "added_at" in headline and headline["sightings"]["N"] == count


def finds_same(before: Item | None, after: Item) -> bool:
    """Return whether two headlines have the same postings.

    Args:
        before: The stored headline; None if there is none.
        after: The headline that replaces it.
    """
    names = (*LISTED, "listed_at", "postings", "content")
    return before is not None and all(before.get(name) == after.get(name) for name in names)


def of_article(headline: Item) -> Item:
    """Return a headline without the summary of the revisions."""
    return {name: value for name, value in headline.items() if name in _OF_ARTICLE}


def unmarked(headline: Item) -> Item:
    """Return a headline in a form that can be compared: without the marks of what wrote it, its sets sorted."""
    kept = {name: value for name, value in headline.items() if name not in {*REPLAYED, MOVED_FROM}}
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in kept.items()}


def read_headline(item: Mapping[str, Any]) -> Headline:
    """Return the headline of a headline item or a posting."""
    facts: dict[str, Any] = {name: item[name]["S"] for name in _TEXTS if name in item}
    facts |= {name: int(item[name]["N"]) for name in ("revisions", "revision") if name in item}
    if "changes" in item and "revision" in item:
        facts["changes"] = tuple(item["changes"]["SS"])
    if "gone_at" in item:
        facts["gone_at"] = datetime.fromisoformat(item["gone_at"]["S"])
    if item["sk"]["S"] == HEADLINE:
        listed_at = read_listed_at(item["listed_at"]["S"])
        return Headline(article_id=article_id_of(item), listed_at=listed_at, **facts)
    text, _, article_id = item["sk"]["S"].rpartition("#")
    if item["pk"]["S"] == ADDED:
        facts["added_at"] = datetime.fromisoformat(text)
        text = item["shown_at"]["S"]
    if "revision" in item:
        # The time of the change. Items of earlier versions have no offset.
        at = at_offset(datetime.fromisoformat(text), item.get("offset", {}).get("S", ""))
        return Headline(article_id=article_id, listed_at=at, **facts)
    return Headline(article_id=article_id, listed_at=read_listed_at(text), **facts)
