"""The images, the lead image first."""

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.extract import extract
from khobor.sources.registry import Registry


def test_the_lead_image_comes_first_with_what_its_figure_says() -> None:
    figure = '<figure><img src="/b.jpg?w=9"><figcaption>Night. Photo: Rahman</figcaption></figure>'
    found = article(head=meta("og:image", "/img/b.jpg"), article=figure)
    (image,) = found.images
    assert (image.caption, image.credit) == ("Night.", "Rahman")


def test_json_ld_gives_size_and_credit() -> None:
    image = {"@type": "ImageObject", "url": "/a.jpg", "width": 1200, "height": "675", "creditText": "dpa"}
    (found,) = article(json_ld=json_ld_article(image=[image])).images
    assert (found.url, found.width, found.height, found.credit) == ("https://news.example/a.jpg", 1200, 675, "dpa")


def test_a_page_without_images_has_none() -> None:
    assert article().images == ()


DAILY = """
version = 1
publisher = "The Daily Test"
hosts = ["news.example"]
base = "system"
[rules]
image = [".photo img"]
"""
SYSTEM = """
version = 1
[rules]
drop = [".lead", ".ad"]
"""
LEAD = "<div class='lead'><div class='zoom' data-src='/img/b.jpg' data-sub-html='<p>The<br>bridge</p>'></div></div>"


@pytest.mark.parametrize(
    ("image", "origin"),
    [('image = ["div.zoom[data-src]"]', "source rule"), ("", "heuristic"), ('image = ["video"]', "heuristic")],
)
def test_a_sources_rule_that_finds_nothing_hides_no_image(image: str, origin: str) -> None:
    sources = Registry({"daily.toml": DAILY, "bases/system.toml": SYSTEM + image})
    ad = "<div class='ad'><img src='/ad.jpg' width='300' height='250'></div>"
    found = extract(page(article=ad + LEAD), URL, sources=sources)
    (lead,) = found.images
    assert (lead.url, lead.caption) == ("https://news.example/img/b.jpg", "The bridge")
    assert found.extraction.fields["images"].origin == origin


def test_a_sources_own_image_comes_before_that_of_its_base() -> None:
    sources = Registry({"daily.toml": DAILY, "bases/system.toml": f'{SYSTEM}image = ["div.zoom[data-src]"]'})
    found = extract(page(article=f"{LEAD}<div class='photo'><img src='/a.jpg'></div>"), URL, sources=sources)
    assert found.images[0].url == "https://news.example/a.jpg"
