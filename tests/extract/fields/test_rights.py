"""The rights that the page reserves."""

from typing import Any

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import article, json_ld_article, meta

from khobor.extract import extract
from khobor.page import Reservations


@pytest.mark.parametrize(
    ("parts", "free"),
    [
        ({"json_ld": json_ld_article(isAccessibleForFree=False)}, False),
        ({"json_ld": json_ld_article(isAccessibleForFree="True")}, True),
        ({"head": meta("article:content_tier", "locked")}, False),
        ({}, None),
    ],
)
def test_is_accessible_for_free(parts: dict[str, Any], free: bool | None) -> None:
    assert article(**parts).is_accessible_for_free is free


def test_rights_are_what_the_page_reserves() -> None:
    head = '<meta name="robots" content="NoArchive, noai"><meta name="tdm-reservation" content="1">'
    head += '<link rel="license" href="/licence">'
    rights = article(head=head).rights
    assert (rights.robots, rights.tdm_reservation) == (("noarchive", "noai"), True)
    assert rights.license_url == "https://news.example/licence"


def test_what_was_reserved_when_the_page_was_fetched_is_told_too() -> None:
    reserved = Reservations(
        robots_tag="googlebot: noindex, max-snippet: 20, NoAI",
        tdm_reservation="1",
        tdm_policy="https://news.example/tdm.json",
        robots_txt="allowed",
    )
    head = '<meta name="robots" content="noai, noarchive">'
    rights = extract(page(head=head), "https://news.example/1", reserved=reserved).rights
    assert rights.robots == ("noai", "noarchive", "noindex", "max-snippet: 20")
    assert (rights.tdm_reservation, rights.tdm_policy) == (True, "https://news.example/tdm.json")
    assert rights.robots_txt == "allowed"


def test_of_text_and_data_mining_the_page_itself_speaks_first() -> None:
    head = '<meta name="tdm-reservation" content="0">'
    rights = extract(page(head=head), "https://news.example/1", reserved=Reservations(tdm_reservation="1")).rights
    assert rights.tdm_reservation is False


def test_the_licence_of_a_link_in_the_text_is_taken_where_the_head_has_none() -> None:
    text = '<p>Photo under <a rel="nofollow license" href="/photo-licence">this licence</a>.</p>'
    head = '<link rel="license" href="/licence">'
    assert article(article=text).rights.license_url == "https://news.example/photo-licence"
    assert article(article=text, head=head).rights.license_url == "https://news.example/licence"
