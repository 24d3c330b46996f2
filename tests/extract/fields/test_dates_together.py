"""Dates near the headline that only together say what they are: several of publication, and a change without a day."""

import pytest
from tests.extract.fields.test_visible_dates import html, own

from khobor.article import Article

OTHER = "<div><a href='/x'>A longer headline about a harbour in the north</a><p>Published 11 March 2026</p></div>"


def times(found: Article) -> tuple[str | None, ...]:
    """Return when an article was published and modified, both without their offset and seconds."""
    both = (found.published_at, found.modified_at)
    return tuple(f"{each:%m-%d %H:%M}" if each else None for each in both)


@pytest.mark.parametrize(
    ("body", "lang"),
    [
        ("<p>Stand: 12.03.2026 | Erstellt: 11.03.2026</p>", "de"),
        ("<p>Erstellt: 11.03.2026 | Stand: 12.03.2026</p>", "de"),
        ("<p>Stand: 12.03.2026</p><p>Veröffentlicht: 11.03.2026</p>", "de"),
        ("<ul><li>Datum: 12.03.2026</li><li>Veröffentlicht am 11.03.2026</li></ul>", "de"),
        ("<p>Date: 12 March 2026 | First published: 11 March 2026</p>", "en"),
        ("<p>Posted March 12, 2026. Originally published March 11, 2026</p>", "en"),
        ("<p>入稿 | 日期：2026年3月12日 发布时间：2026年3月11日</p>", "zh"),
        ("<div><span>পোস্ট: ১২ মার্চ ২০২৬</span> | <span>প্রকাশ: ১১ মার্চ ২০২৬</span></div>", "bn"),
    ],
)
def test_of_two_dates_of_publication_the_later_is_that_of_the_last_change(body: str, lang: str) -> None:
    assert times(html(own(body), lang=lang)) == ("03-11 00:00", "03-12 00:00")


def test_of_two_times_of_publication_on_one_day_the_earlier_counts() -> None:
    found = html(own("<p>입력 2026.03.12 10:00 최초입력 2026.03.12 09:00</p>"), lang="ko")
    assert times(found) == ("03-12 09:00", "03-12 10:00")


def test_the_earlier_of_two_counts_though_the_page_declares_the_later() -> None:
    head = '<meta property="article:published_time" content="2026-03-12T10:00:00+01:00">'
    found = html(own("<p>Stand: 12.03.2026 | Erstellt: 11.03.2026</p>"), lang="de", head=head)
    assert times(found)[0] == "03-11 00:00"


@pytest.mark.parametrize(
    "body",
    [
        "<p>Stand: 12.03.2026</p>",
        f"<p>Published 12 March 2026</p>{OTHER}",
        "<p>Published 12 March 2026</p><p>Event date: 5 January 2026</p>",
        "<p>Date: 12 March 2026 | Published: 12 March 2026</p>",
    ],
)
def test_no_other_date_makes_one_of_publication_that_of_a_change(body: str) -> None:
    assert times(html(own(body))) == ("03-12 00:00", None)


@pytest.mark.parametrize(
    ("body", "lang"),
    [
        ("<p>Publié le 12 mars 2026 à 17h00, mis à jour à 18h02</p>", "fr"),
        ("<p>Publié le 12 mars 2026 à 17h00 (mis à jour à 18h02)</p>", "fr"),
        ("<div><p>Publié le 12 mars 2026 à 17h00</p><p>Mis à jour à 18h02</p></div>", "fr"),
        ("<p>Published March 12, 2026 5:00 pm, updated 6:02 pm</p>", "en"),
        ("<p>March 12, 2026 5:00 pm | Updated: 6:02 pm by Ann Lee</p>", "en"),
        ("<p>Updated 6:02 pm, Published March 12, 2026 5:00 pm</p>", "en"),
        ("<p>Veröffentlicht am 12.03.2026 um 17:00 Uhr, aktualisiert um 18:02 Uhr</p>", "de"),
        ("<p>Publicado el 12 de marzo de 2026 a las 17:00 h. Actualizado a las 18:02</p>", "es"),
        ("<p>প্রকাশ: ১২ মার্চ ২০২৬, ১৭:০০ | আপডেট: ১৮:০২</p>", "bn"),
        ("<p>প্রকাশ: ১২ মার্চ ২০২৬, ১৭:০০</p><p>আপডেট: সন্ধ্যা ৬:০২</p>", "bn"),
        ("<p>发布时间：2026年3月12日 17:00 更新：18:02</p>", "zh"),
    ],
)
def test_a_change_without_a_day_was_on_the_day_of_publication(body: str, lang: str) -> None:
    assert times(html(own(body), lang=lang)) == ("03-12 17:00", "03-12 18:02")


@pytest.mark.parametrize(
    "change",
    [
        "updated 9:02 am",
        "updated Friday 18:02",
        "updated Fri 18:02",
        "updated at 18:02 on 13 March",
        "updated 13.03",
        "updated by Ann Lee | 18:30 Live: the bridge",
        "updated 25:70",
    ],
)
def test_a_change_on_another_day_or_without_a_time_was_not(change: str) -> None:
    assert times(html(own(f"<p>Published March 12, 2026 5:00 pm, {change}</p>"))) == ("03-12 17:00", None)
