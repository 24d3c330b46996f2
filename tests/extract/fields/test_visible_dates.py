"""Dates where a reader sees them: near the headline, behind the text, beside it, and in the URL as a last resort."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page
from tests.extract.fields.sample_article import NOW, URL, article, json_ld_article, meta

from khobor.article import Article
from khobor.entry_facts import EntryFacts
from khobor.extract import extract

DAY = "2026-09-15"
HEADLINE = "<h1>Old bridge opens again</h1>"
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def html(body: str, url: str = URL, lang: str = "en", head: str = "") -> Article:
    start = f'<html lang="{lang}"><head><title>Old bridge opens again</title>{head}</head>'
    return extract(f"{start}<body>{body}</body></html>".encode(), url, fetched_at=NOW)


def own(before: str = "", after: str = "") -> str:
    """Return an article with something before its text and behind it."""
    return f"<article>{HEADLINE}{before}<div>{TEXT}</div>{after}</article>"


def day(found: Article) -> str | None:
    return found.published_at.date().isoformat() if found.published_at else None


@pytest.mark.parametrize(
    "body",
    [
        # near the headline
        f"<div><p>15 September 2026</p>{HEADLINE}{TEXT}</div>",
        own("<h4>by Ann Lee, 15 September 2026, 9:01am</h4>"),
        f"<div><h1>Old bridge opens again<br>15 September 2026 • City • Traffic, Roads and Bridges</h1>{TEXT}</div>",
        own("<div>15.09.2026 <a href='/a'>City</a>, <a href='/b'>Roads and bridges</a></div>"),
        own("<p>15 September 2026</p>", "<h2>What comes next</h2><p>Nothing yet.</p>"),
        f"{HEADLINE}<article><header class='entry-header'><p>15 September 2026</p></header><div>{TEXT}</div></article>",
        f"<article><header class='page-header'>{HEADLINE}<p>Posted on 15 September 2026</p></header>{TEXT}</article>",
        own("<div>Published:</div><div>15/09/2026</div>"),
        # behind the text
        own(after="<div class='entry-meta'>Posted on 15 September 2026</div>"),
        own(after="<footer><time datetime='2026-09-15'>Tuesday</time></footer>"),
        own(after="<div class='post-footer'>Written on 15 September 2026 by Ann</div>"),
        own(after="<p>By Ann Lee on 15 September 2026, 11:51 | City</p>"),
        own(
            after="<p><small>This entry was posted on Tuesday, September 15th, 2026 at 2:05 pm under City. "
            "You can follow any responses to this entry through the RSS feed.</small></p>"
        ),
        own(after="<ul><li><p>Réalisation</p><p>Anne Roy</p></li><li><p>Mise en ligne</p><p>15/09/2026</p></li></ul>"),
        # farther away
        f"<table><tr><td>15 September 2026 read 10544 times</td></tr></table>{3 * '<p>Ad</p>'}<table><td>{TEXT}",
        f"<main><div class='sidebar'><time datetime='{DAY}'>Tuesday</time></div>{own()}</main>",
        own(f"{TEXT}<div>15 September 2026</div>"),
    ],
)
def test_the_day_is_found_wherever_the_article_shows_it(body: str) -> None:
    assert day(html(body)) == DAY


@pytest.mark.parametrize(
    ("body", "lang"),
    [
        (f"<div>{HEADLINE}<p>১৫ সেপ্টেম্বর ২০২৬, ৩১ ভাদ্র ১৪৩৩</p>{TEXT}</div>", "bn"),
        (f"<div>{HEADLINE}<p>ঢাকা, মঙ্গলবার ১৫ সেপ্টেম্বর ২০২৬, ৩১শে ভাদ্র ১৪৩৩</p>{TEXT}</div>", "bn"),
        (f"<div>{HEADLINE}<p>প্রকাশিতঃ ০৮:৩০ এএম, ১৫ সেপ্টেম্বর ২০২৬ মঙ্গলবার</p>{TEXT}</div>", "bn"),
        (f"<div>{HEADLINE}<p>পোস্ট হয়েছে : ১৫ সেপ্টেম্বর ২০২৬</p>{TEXT}</div>", "bn"),
        (f"<article>{HEADLINE}{TEXT}<footer>আপলোড সময় : ১৫-০৯-২০২৬ ০৫:৩০ অপরাহ্ন</footer></article>", "bn"),
        (f"<div>{HEADLINE}<p>2026年9月15日 08:30 来源：晨报</p>{TEXT}</div>", "zh"),
        (f"<div>{HEADLINE}<p>Δημοσιεύθηκε: 15/9/2026</p>{TEXT}</div>", "el"),
        (f"<div>{HEADLINE}<p>최종수정 2026.09.16 09:10 기사입력 2026.09.15 14:05</p>{TEXT}</div>", "ko"),
        (f"<div>{HEADLINE}<p>Létrehozva: 2026. szeptember 15.</p>{TEXT}</div>", "hu"),
        (f"<div>{HEADLINE}<p>15/09/2026 14:05h. | Actualizado: 16/09/2026 09:10h.</p>{TEXT}</div>", "es"),
    ],
)
def test_a_visible_day_in_other_languages(body: str, lang: str) -> None:
    assert day(html(body, lang=lang)) == DAY


LINK = "<a href='/x'>A dog found its way home again</a>"


@pytest.mark.parametrize(
    "body",
    [
        f"<p>© 15 September 2026 Daily Test</p>{own()}",
        f"{own()}<footer><p>© 15.09.2026 - 12:14 h by Daily Test</p></footer>",
        own(after="<div class='comments'><p>Bo, 15 September 2026, 11:21</p></div>"),
        f"{own()}<div class='related'><div>{LINK}<p>15 September 2026</p></div></div>",
        f"{own()}<aside><div>{LINK}<time datetime='{DAY}'>Tuesday</time></div></aside>",
        own("<p>The council published a report that the mayor signed on 15 September 2026.</p>"),
        own("<figure><img src=a.jpg><figcaption>The bridge, 15 September 2026</figcaption></figure>"),
        own("<blockquote><p>Old bridges last longer</p>— Bo (@bo), 15 September 2026</blockquote>"),
        own("<p>Since 15 September 2026</p>"),
        own("<p>Special offer, ends 15 September 2026</p>"),
        own("<div class='meta'>Deadline: <time datetime='2026-09-15'>Tuesday</time></div>"),
        own("<p>Medically reviewed by Dr Bo on 15 September 2026 — written by Ann Lee</p>"),
        # the day of the fetch in the header of the page
        f"<header><a href='/'>Daily Test</a><div class='date'>Wednesday, 16 September 2026</div></header>{own()}",
        f"<div>Wednesday, 16 September 2026</div>{3 * '<div>Ad</div>'}{own()}",
    ],
)
def test_the_date_of_something_else_is_not_the_articles(body: str) -> None:
    assert html(body).published_at is None


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated on 15 September 2026</p>",
        "<p>Last updated: <time datetime='2026-09-15T08:00:00Z'>15 September</time></p>",
        "<div>Last updated</div><div>15 September 2026</div>",
        "<p><span class='label'>Dernière mise à jour :</span> <span class='date'>15/09/2026</span></p>",
        "<p>আপডেট সময় : মঙ্গলবার, ১৫ সেপ্টেম্বর, ২০২৬ ৫৬ বার পঠিত</p>",
        "<p>Ostatnia aktualizacja: 15.09.2026</p>",
    ],
)
def test_the_date_of_an_update_is_only_that(line: str) -> None:
    found = html(own(line))
    assert found.published_at is None
    assert found.modified_at is not None
    assert found.modified_at.date().isoformat() == DAY


def test_dates_of_both_kinds_in_elements_are_told_apart_by_their_labels() -> None:
    posted, updated = (
        "<time datetime='2026-09-14T08:00Z'>Monday</time>",
        "<time datetime='2026-09-15T09:00Z'>today</time>",
    )
    found = html(own(f"<p>Posted {posted}, updated {updated}</p>"))
    assert found.published_at == datetime(2026, 9, 14, 8, tzinfo=UTC)
    assert found.modified_at == datetime(2026, 9, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://news.example/2026/09/15/bridge", "url"),
        ("https://news.example/2026/sep/15/bridge", "url"),
        ("https://news.example/city/2026-09-15-bridge.html", "url"),
        ("https://news.example/20260915/bridge.html", "url"),
        ("https://news.example/2026/0915/c9-1.html", "url"),
        ("https://news.example/202609/15/t1.html", "url"),
        ("https://news.example/view/AB20260915123400001", "url"),
        ("https://news.example/15-09-2026/bridge", "url"),
        ("https://archive.example/web/20260915174457/http://news.example/bridge", None),
        ("https://news.example/news/20269912345678/bridge", None),
        ("https://news.example/2026/09/bridge", None),
        ("https://news.example/city/120260915120908039/bridge", None),
        ("https://news.example/2026/15/09/bridge", None),
        ("https://news.example/city/bridge?day=2026-09-15", None),
    ],
)
def test_the_day_in_the_url_is_the_last_resort_and_said_so(url: str, origin: str | None) -> None:
    found = extract(page(), url, fetched_at=NOW)
    evidence = found.extraction.fields.get("published_at")
    assert (evidence.origin if evidence else None) == origin
    if evidence:
        assert (day(found), evidence.precision) == (DAY, "day")
        shown = extract(page(article="<p>14 September 2026</p>"), url, fetched_at=NOW)
        assert day(shown) == "2026-09-14"


@pytest.mark.parametrize(
    "parts",
    [
        {"head": meta("published_on", "2026-09-15T21:00:00.000Z")},
        {"head": meta("citation_publication_date", "2026/09/15")},
        {"head": meta("doc_date", "2026-09-15")},
        {"head": meta("displaydate", "September 15, 2026")},
        {"head": meta("ptime", "20260915140500")},
        {"head": meta("twitter:label1", "Published") + meta("twitter:data1", "September 15, 2026")},
        {"article": "<div><span class='ago' data-livestamp='2026-09-15T14:05:00Z'></span></div>"},
        {"article": "<relative-time datetime='2026-09-15T14:05:00Z'></relative-time>"},
        {"article": "<local-time utc='2026-09-15T14:05:00Z'></local-time>"},
        {"article": "<p><span title='Tuesday, September 15, 2026 at 2:05 PM'>5 days ago</span></p>"},
        {"json_ld": {"@type": "WebPage", "datePublished": "2026-09-15T15:07:03+00:00"}},
        {"article": "<p><span data-origindate='2026-09-15 14:27:02 +0800'></span>Ann Lee</p>"},
        {"article": "<abbr class='dt-published' title='2026-09-15T06:17:00+00:00'>Tuesday</abbr>"},
        {"article": "<div class='meta date'><time datetime='2026-09-15T19:38:01Z'>9/10/26 7:38 PM</time></div>"},
    ],
)
def test_declared_dates_in_less_usual_places(parts: dict[str, Any]) -> None:
    assert day(article(**parts)) == DAY


@pytest.mark.parametrize(
    "name",
    [
        "expiration_date",
        "event_start_date",
        "last_published_date",
        "posts_per_page",
        "music:release_date",
        "build-date",
        "thumbnail_date",
    ],
)
def test_a_meta_element_of_another_meaning_is_no_date_of_publication(name: str) -> None:
    assert article(head=meta(name, "2026-09-15")).published_at is None


def test_the_day_near_the_headline_corrects_the_declared_day_of_a_change() -> None:
    changed = json_ld_article(datePublished="2026-09-10", dateModified="2026-09-10")
    found = article(json_ld=changed, article="<p>3 August 2026</p>")
    assert day(found) == "2026-08-03"
    evidence = found.extraction.fields["published_at"]
    assert [(each.origin, each.text) for each in evidence.disputed_by] == [("json-ld", "2026-09-10")]


@pytest.mark.parametrize(
    "line",
    [
        "<p>3 August 2026</p><p>10 September 2026</p>",
        "<p>The council decided on 3 August 2026 to open it.</p>",
        "<p>12 September 2026</p>",
    ],
)
def test_no_other_day_corrects_it(line: str) -> None:
    changed = json_ld_article(datePublished="2026-09-10", dateModified="2026-09-10")
    assert day(article(json_ld=changed, article=line)) == "2026-09-10"


def test_a_labelled_earlier_day_counts_though_another_is_declared_as_published() -> None:
    moved = json_ld_article(datePublished="2026-09-10", dateModified="2026-09-11")
    line = "<p>First published: 3 August 2026. Updated: 10 September 2026</p>"
    assert day(article(json_ld=moved, article=line)) == "2026-08-03"


def test_the_day_that_several_places_declare_is_taken() -> None:
    found = article(
        json_ld=json_ld_article(datePublished="2026-09-01T08:00:00Z"),
        head=meta("article:published_time", "2026-09-12T08:00:00Z"),
        article="<div itemprop='datePublished' content='2026-09-12'></div>",
    )
    assert day(found) == "2026-09-01"
    assert found.extraction.fields["published_at"].disputed_by


def test_places_that_declare_the_same_time_are_named() -> None:
    found = article(
        json_ld=json_ld_article(datePublished="2026-09-15T08:00:00Z"),
        head=meta("article:published_time", "2026-09-15T08:00:00Z"),
    )
    assert found.extraction.fields["published_at"].confirmed_by == ("articlepublishedtime",)


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        # another date that gives the same time in local time
        ("<time datetime='2026-09-14T21:30:00-05:00'>Monday</time>", -5),
        # the offset of other times on the page
        ("<p>By Ann</p><footer><time datetime='2026-09-14T23:00:00-05:00'>later</time></footer>", -5),
        # the same time without an offset
        ("<p>September 14, 2026, 8:30 PM</p>", -6),
        ("<p>15 September 2026, 08:00</p>", 5.5),
    ],
)
def test_a_time_in_utc_has_the_day_that_readers_of_the_page_see(line: str, hours: float) -> None:
    found = article(json_ld=json_ld_article(datePublished="2026-09-15T02:30:10Z"), article=line)
    assert found.published_at == datetime(2026, 9, 15, 2, 30, 10, tzinfo=UTC)
    assert found.published_at.utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("url", "lang", "zone", "offset"),
    [
        ("https://news.example/1", "bn", "Asia/Dhaka", 6),
        ("https://news.example/1", "bn-IN", "Asia/Kolkata", 5.5),
        ("https://news.com.bd/1", "en", "Asia/Dhaka", 6),
        ("https://news.example/1", "en", "UTC", 0),
    ],
)
def test_a_time_without_an_offset_is_in_the_zone_of_the_country_or_of_the_language(
    url: str, lang: str, zone: str, offset: float
) -> None:
    text = "<p>পুরোনো সেতুটি আবার খুলে দেওয়া হয়েছে, এলাকার মানুষ খুশি। নদীর ওপারের মানুষ এখন সহজে আসতে পারে।</p>" * 4
    body = f"<div>{HEADLINE}<p>15/09/2026 14:05</p>{text if lang.startswith('bn') else TEXT}</div>"
    found = html(body, url=url, lang=lang)
    assert found.published_at is not None
    assert found.published_at.replace(tzinfo=None) == datetime(2026, 9, 15, 14, 5)  # noqa: DTZ001 local time
    assert found.published_at.utcoffset() == timedelta(hours=offset)
    assert found.extraction.fields["published_at"].assumed_zone == zone


def test_a_time_without_an_offset_has_that_of_the_same_time_near_the_headline() -> None:
    found = article(
        json_ld=json_ld_article(datePublished="2026-09-15 14:05:20"), article="<p>Tuesday, 15 Sep 2026 14:05 WIB</p>"
    )
    assert found.published_at == datetime(2026, 9, 15, 7, 5, 20, tzinfo=UTC)
    assert found.extraction.fields["published_at"].assumed_zone == "UTC+07:00"


def test_the_offset_of_a_time_in_summer_is_not_that_of_a_date_in_winter() -> None:
    line = "<p>15 January 2026, 14:05</p>"
    comment = "<footer><time datetime='2026-07-01T10:00:00+02:00'>in July</time></footer>"
    found = html(own(line, comment), url="https://news.example.fr/1")
    assert found.published_at == datetime(2026, 1, 15, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "body",
    [
        # A line of dates that ends like a sentence.
        own("<div>15/09/2026 Updated at 17:10h.</div>"),
        # The second of two days is that of a change, whatever its label.
        own("<p>Neu: 16.09.2026, 10.18</p><p>15.09.2026, 16.03</p>"),
        # The days of other articles, in a list of links.
        own(
            "<ul><li>2026-01-12 <a href='/a'>What the council said of the bridge</a></li></ul>",
            "<ul><li>City</li></ul><div class='meta'>Published on 15 September 2026</div>",
        ),
        # The day of another article above the headline, beside the link to it.
        own("<div>15 September 2026</div>").replace(
            HEADLINE, f"<div>{LINK}<time datetime='2026-09-12'>Saturday</time></div>{HEADLINE}"
        ),
        # The date of something else in the same line.
        own("<p>Ann Lee, member since 1 March 2019 | 15 September 2026</p>"),
        # The order of two numbers with spaces, for which the language has the other one.
        own("<p>By ANN LEE 9/ 15/26 09:19 AM ET</p>"),
        # A day that does not depend on when the page was read.
        own("<span class=date>5 days ago</span> <span class=date>15 September 2026</span>"),
    ],
)
def test_the_day_of_publication_is_told_from_other_days_near_the_headline(body: str) -> None:
    assert day(html(body)) == DAY


def test_a_clause_of_a_chinese_text_is_no_line_of_dates() -> None:
    clause = "2026年09月12日市议会投票决定，旧桥在洪水之后两年重新开放交通，工程师更换了桥拱和桥面"
    label = f"<p>发布日期： 2026-09-15 21:23</p>{'<p>广告</p>' * 4}"
    body = f"<div>{label}</div><h1>旧桥重新开放</h1><div>{clause}<br>{clause * 4}。</div>"
    assert day(html(body, lang="zh")) == DAY


def test_the_number_of_a_version_is_no_day() -> None:
    assert html(f"<main>{own(f'{TEXT}<div>Ferry 8.4.13 is out</div>')}</main>").published_at is None


def test_a_form_for_comments_ends_no_text_behind_which_the_date_stands() -> None:
    texts = (
        "批评者说，通往东塘的公路十多年来一直无人维护。工程师们发现了裂缝。",
        "两年前的提案未能通过。工程预计明年开始。",
    )
    text = "".join(f"<p>{each}</p>" for each in texts)
    time = '<div class="post-date"><time datetime="2026-09-12T06:21:00+08:00">九月 12, 2026</time></div>'
    notes = "".join(f'<p class="comment-notes">{each}</p>' for each in 2 * PARAGRAPHS)
    comments = f'<div class="comments"><h2>Comments</h2><form>{notes}</form></div>'
    behind = f"<div><div><div><p>Posted</p>{time}</div></div>{comments}</div>"
    heading = "<h1>市议会批准重建旧电车车库</h1>"
    body = f'<main>{heading}<div class="entry-content">{text}</div>{behind}</main>'
    found = extract(f'<html lang="zh"><body>{body}</body></html>'.encode(), URL, fetched_at=NOW)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-09-12T06:21:00+08:00"


def modified_day(found: Article) -> str | None:
    return found.modified_at.date().isoformat() if found.modified_at else None


@pytest.mark.parametrize(
    "body",
    [
        own(after="<div>Last updated: 15 September 2026</div>"),
        own(after="<footer>Published long ago. Updated: 15 September 2026</footer>"),
        f"<main><div>By Ann Lee, updated 15 September 2026</div>{4 * '<p>Ad</p>'}{own()}</main>",
    ],
)
def test_the_day_of_the_last_change_is_found_behind_the_text_and_far_before_it(body: str) -> None:
    found = html(body)
    assert (day(found), modified_day(found)) == (None, DAY)


def test_boxes_without_text_do_not_part_the_headline_from_the_date() -> None:
    empty = "<figure><img src='/a.jpg' width=900 height=600></figure>" * 3
    line = f"{empty}<div>By Ann Lee</div><div class='a'>Updated 15 September 2026</div>"
    found = html(f"<article>{HEADLINE}<p>{PARAGRAPHS[0]}</p>{line}{TEXT}</article>")
    assert (day(found), modified_day(found)) == (None, DAY)


def test_the_date_at_the_headline_counts_though_a_long_menu_stands_between_it_and_the_text() -> None:
    menu = "".join(f"<li><span class='menu'>Size {size}</span></li>" for size in range(40))
    line = "<div>Posted 15 September 2026, updated 16 September 2026</div>"
    player = f"<aside><div>Captions</div><ul>{menu}</ul></aside>"
    found = html(f"<main>{HEADLINE}{line}{player}<div>{TEXT}</div></main>")
    assert (day(found), modified_day(found)) == (DAY, "2026-09-16")


def test_the_date_of_a_teaser_at_the_headline_is_not_that_of_the_article_behind_its_text() -> None:
    teaser = (
        "<aside class='teaser'><div>15/09/2025</div><h2>Old bridge to close</h2><p>It will open next year.</p></aside>"
    )
    assert day(html(own(teaser, "<div>15 September 2026, 15:40</div>"))) == DAY


def test_a_far_date_after_the_last_change_is_not_that_of_publication() -> None:
    side = "<div class='sidebar'><time datetime='2026-09-15'>Tuesday</time></div>"
    found = html(f"<main>{own('<p>Updated: 11 September 2026</p>')}{side}</main>")
    assert (day(found), modified_day(found)) == (None, "2026-09-11")


@pytest.mark.parametrize(
    ("date", "url", "head"),
    [
        ("Posted: 09/05/2026 3:59 pm", "https://news.example/2026/09/05/bridge", ""),
        ("Posted: 09/05/2026 3:59 pm EDT", URL, ""),
        ("Posted: 09/05/2026 3:59 pm | Updated: 09/16/2026 8:00 am", URL, ""),
        ("Posted: 09/05/2026 3:59 pm", URL, '<meta property="article:modified_time" content="2026-09-05T20:00:00Z">'),
        ("09.05.26 in Gadgetry", URL, '<meta property="article:published" content="2026-09-05T20:00:00Z">'),
        # The other order would be a day to come.
        ("Posted: 09/10/2026 3:59 pm", URL, ""),
    ],
)
def test_the_order_of_a_day_in_numbers_is_the_one_that_the_rest_of_the_page_agrees_with(
    date: str, url: str, head: str
) -> None:
    found = html(own(f"<p>{date}</p>"), url, head=head)
    assert (day(found) or "")[:7] == "2026-09"


def test_the_order_of_a_day_in_numbers_is_that_of_the_language_where_nothing_else_tells_it() -> None:
    assert day(html(own("<p>Posted: 09/05/2026 3:59 pm</p>"))) == "2026-05-09"


def test_a_country_with_several_zones_has_the_one_of_most_people_and_keeps_its_days() -> None:
    found = html(own("<p>15 September 2026, 14:05</p>"), url="https://news.example.ca/1")
    assert found.published_at == datetime(2026, 9, 15, 18, 5, tzinfo=UTC)
    assert found.extraction.fields["published_at"].assumed_zone == "America/Toronto"
    alone = html(own("<p>15 September 2026</p>"), url="https://news.example.ca/1")
    assert alone.published_at == datetime(2026, 9, 15, tzinfo=UTC)


def test_two_days_in_meta_elements_of_unknown_names_say_nothing() -> None:
    head = meta("doc_date", "2026-09-15") + meta("news_date", "2026-09-12")
    assert article(head=head).published_at is None


@pytest.mark.parametrize("attributes", ["data-published='2026-09-15T14:05:00Z'", "data-pubdate='2026-09-15'"])
def test_an_attribute_of_the_article_itself(attributes: str) -> None:
    assert day(html(own().replace("<article>", f"<article {attributes}>"))) == DAY


def test_an_attribute_behind_a_label_for_a_change_is_that_of_the_change() -> None:
    assert html(own("<p>Updated: <relative-time datetime='2026-09-15'></relative-time></p>")).published_at is None
    assert html(own("<time class='x' datetime='2026-09-15'><b>Updated September 15</b></time>")).published_at is None


def test_the_attributes_of_comments_are_not_the_articles() -> None:
    comments = "<section class='comments'><p data-time='2026-09-15T14:05:00Z'>Bo: A very good idea.</p></section>"
    assert html(own(after=comments)).published_at is None


def test_the_time_behind_the_text_belongs_to_the_day_above_the_headline() -> None:
    heading = "<h2 class='date-header'>Tuesday, September 15, 2026</h2>"
    after = (
        "<p class='footer'>Posted by Ann <abbr class='published' title='2026-09-15T14:05:00-07:00'>2:05 PM</abbr></p>"
    )
    found = html(f"<div>{heading}<h3>Old bridge opens again</h3><div>{TEXT}</div>{after}</div>")
    assert found.published_at == datetime(2026, 9, 15, 21, 5, tzinfo=UTC)


def test_a_figure_around_the_headline_is_no_picture() -> None:
    figure = f"<figure><img src=a.jpg><div><span class='date'>15.09.2026</span></div>{HEADLINE}</figure>"
    assert day(html(f"<main>{figure}{TEXT}</main>")) == DAY


def test_a_headline_that_ends_like_a_sentence_is_no_beginning_of_the_text() -> None:
    title = "The old bridge over the river opens again on Sunday."
    icons = "".join(f"<div><img src='{name}.gif'></div>" for name in "abcdefghijkl")
    body = (
        f"<table><tr><td>{title}</td></tr></table>{icons}<div>Tuesday, 15 September 2026 14:05</div><div>{TEXT}</div>"
    )
    page = f"<html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    found = extract(page.encode(), URL, fetched_at=NOW)
    assert found.published_at == datetime(2026, 9, 15, 14, 5, tzinfo=UTC)


def script(text: str) -> str:
    return f"<script>{text}</script>"


@pytest.mark.parametrize(
    "code",
    [
        "dataLayer = [{'pageType': 'article', 'publishDate': '2026-09-15T14:05:00Z', 'author': 'Ann'}];",
        'dataLayer.push({"page_type": "article", "article_publish_date": "2026-09-15"});',
        'var utag_data = {"date_published": "2026-09-15 14:05:00"};',
        'var digitalData = {page: {publishedDate: "2026-09-15T14:05:00Z"}};',
        'var pubDate = "2026-09-15T14:05:00Z";',
        "window.state = {published_at: 1789481100};",
        'self.__next_f.push([1, "4:{\\"publishedAt\\":\\"2026-09-15T14:05:00Z\\"}"])',
    ],
)
def test_the_day_that_a_script_counts_or_would_show(code: str) -> None:
    assert day(html(own(), head=script(code))) == DAY
    # What readers see says more.
    assert day(html(own("<p>14 September 2026</p>"), head=script(code))) == "2026-09-14"


@pytest.mark.parametrize(
    "code",
    [
        'var state = {"unpublishedAt": "2026-09-15"};',
        'var state = {"lastPublishedDate": "2026-09-15"};',
        'var state = {"publisher": "Daily Test", "updatedAt": "2026-09-15"};',
        'var state = {"publishedAt": "2026-09-15", "next": {"publishedAt": "2026-09-12"}};',
    ],
)
def test_another_day_in_a_script_is_not_the_articles(code: str) -> None:
    assert html(own(), head=script(code)).published_at is None


def test_of_several_days_in_a_script_that_beside_the_headline_counts() -> None:
    others = ",".join(
        f'{{"title": "Story {n} of the day", "publishedAt": "2026-09-0{n}T08:00:00Z"}}' for n in range(1, 8)
    )
    state = f'{{"story": {{"title": "Old bridge opens again", "publishedAt": "{DAY}T14:05:00Z"}}, "more": [{others}]}}'
    assert day(html(own(), head=script(f"window.state = {state};"))) == DAY


def test_the_day_in_json_ld_that_does_not_parse() -> None:
    broken = '{"@type": "NewsArticle", "headline": "They say "yes" to it", "datePublished": "2026-09-15T14:05:00Z"}'
    assert day(html(own(), head=f'<script type="application/ld+json">{broken}</script>')) == DAY
    picture = '{"@type": "ImageObject", "name": "A bridge", "datePublished": "2026-09-15T14:05:00Z"}'
    assert html(own(), head=f'<script type="application/ld+json">{picture}</script>').published_at is None


@pytest.mark.parametrize("kind", ["Recipe", "HowTo", "CreativeWork", "PodcastEpisode"])
def test_the_day_of_a_work_that_is_no_article(kind: str) -> None:
    assert day(article(json_ld={"@type": kind, "name": "Old bridge", "datePublished": "2026-09-15"})) == DAY


def test_the_day_that_a_script_would_write_near_the_headline() -> None:
    call = script('showDate("2026/09/15 14:05:00 14:05:00")')
    assert day(html(own(f"<div>{call} read 7 times</div>"))) == DAY


@pytest.mark.parametrize(
    "beginning",
    [
        "RIVERTON, Sept. 15, 2026 /Newswire/ -- ",
        "RIVERTON, Wash.--(PRESS WIRE)--Sept. 15, 2026-- ",
        "RIVERTON, Sept. 15, 2026 (WORLD WIRE) -- ",
        "Riverton (15 Sept. 2026) - ",
        "Riverton, 15 September 2026 – ",
        "<b>Riverton, (15.09.2026).</b> ",
    ],
)
def test_the_day_of_a_dateline(beginning: str) -> None:
    assert day(html(f"<article>{HEADLINE}<div>{TEXT.replace('<p>', f'<p>{beginning}', 1)}</div></article>")) == DAY


@pytest.mark.parametrize(
    "beginning",
    ["On 15 September 2026 the council of the town met – and ", "Since the flood of 15 September 2026. And then "],
)
def test_a_sentence_with_a_day_is_no_dateline(beginning: str) -> None:
    found = html(f"<article>{HEADLINE}<div>{TEXT.replace('<p>', f'<p>{beginning}', 1)}</div></article>")
    assert found.published_at is None


def test_a_time_that_is_ahead_by_no_offset_in_use_is_not_the_same_time() -> None:
    found = article(
        json_ld=json_ld_article(datePublished="2026-09-14T23:00:00Z"), article="<p>15 September 2026, 12:30</p>"
    )
    assert found.published_at is not None
    assert found.published_at.utcoffset() == timedelta(0)


def test_a_feed_in_utc_and_a_marked_time_in_local_time_are_on_one_day() -> None:
    marked = "<aside><time datetime='2026-09-15T02:00:00+06:00'>today</time></aside>"
    entry = EntryFacts(published="2026-09-14T20:30:00Z")
    page = f"<html lang='en'><head><title>Old bridge opens again</title></head><body>{own()}{marked}</body></html>"
    found = extract(page.encode(), URL, fetched_at=NOW, entry=entry)
    assert found.published_at == datetime(2026, 9, 14, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        # The system declares the time of the last change as that of publication.
        ("2026-09-15T18:37:32+02:00", "2026-09-14T16:12:26+00:00"),
        # Another time is declared as that of the last change.
        ("2026-09-15T16:00:00+02:00", "2026-09-15T14:00:00+00:00"),
    ],
)
def test_the_day_in_the_url_corrects_the_declared_time_of_a_change(published: str, expected: str) -> None:
    ld = json_ld_article(datePublished=published, dateModified="2026-09-15T18:37:32+02:00")
    own_time = "<p>By Ann <meta itemprop='datePublished' content='2026-09-14T18:12:26+02:00'></p>"
    html = page(json_ld=ld, article=own_time)
    found = extract(html, "https://news.example/2026/09/14/bridge", fetched_at=NOW)
    assert found.published_at == datetime.fromisoformat(expected)


def test_midnight_in_the_zone_of_the_page_is_a_day_in_a_script() -> None:
    head = script("var state = {published_at: 1789423200, id: 7};")
    found = html(own(), url="https://news.example.de/1", head=head)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-09-15T00:00:00+02:00"
    assert found.extraction.fields["published_at"].precision == "day"


@pytest.mark.parametrize(
    ("line", "url", "expected"),
    [
        ("<div class='date'>15 September, 14:05</div>", URL, "2026-09-15T14:05:00+00:00"),
        ("<div>14:05, September 15</div>", URL, "2026-09-15T14:05:00+00:00"),
        ("<div class='date'>15 September</div>", URL, "2026-09-15T00:00:00+00:00"),
        # No day is after the fetch, or after the year in the URL.
        ("<div class='date'>20 December, 14:05</div>", URL, "2025-12-20T14:05:00+00:00"),
        (
            "<div class='date'>15 September, 14:05</div>",
            "https://n.example/2024/09/bridge",
            "2024-09-15T14:05:00+00:00",
        ),
    ],
)
def test_a_day_without_a_year_is_in_the_year_before_the_fetch(line: str, url: str, expected: str) -> None:
    found = html(own(line), url=url)
    assert found.published_at == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "line", ["<p>15 September</p>", "<p class='date'>September 2026</p>", "<p>Updated 15 September, 14:05</p>"]
)
def test_a_day_without_a_year_needs_a_time_or_an_element_that_says_date(line: str) -> None:
    assert html(own(line)).published_at is None


def test_any_date_with_a_year_comes_before_one_without() -> None:
    assert day(html(own("<div class='date'>3 May, 14:05</div>"), url="https://news.example/2026/09/15/bridge")) == DAY


def test_a_day_without_a_year_on_an_old_page_is_in_the_last_year_that_the_page_has() -> None:
    footer = "<footer><p>© 2011–2013 Daily Test</p></footer>"
    assert (
        day(html(own("<div class='date'>15 September, 14:05</div>") + f"<div>Last year: 2013</div>{footer}"))
        == "2013-09-15"
    )


@pytest.mark.parametrize("around", ["<div class='r'>{}</div>", "<section>{}</section>"])
def test_the_date_of_a_comment_is_not_that_of_the_article(around: str) -> None:
    comment = "<div><b>Reader</b><div>15 September 2026</div><p>I do not agree with what is written here.</p></div>"
    assert html(f"<div>{HEADLINE}{TEXT}{around.format(f'<h3>1 comment</h3>{comment}')}</div>").published_at is None
