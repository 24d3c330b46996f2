"""What the page reserves."""

from typing import Any

import pytest
from tests.extract.fields.given import article, described, meta


@pytest.mark.parametrize(
    ("parts", "free"),
    [
        ({"json_ld": described(isAccessibleForFree=False)}, False),
        ({"json_ld": described(isAccessibleForFree="True")}, True),
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


def test_the_licence_of_a_link_in_the_text_is_taken_where_the_head_has_none() -> None:
    text = '<p>Photo under <a rel="nofollow license" href="/photo-licence">this licence</a>.</p>'
    head = '<link rel="license" href="/licence">'
    assert article(article=text).rights.license_url == "https://news.example/photo-licence"
    assert article(article=text, head=head).rights.license_url == "https://news.example/licence"
