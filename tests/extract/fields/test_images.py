"""The images, the lead image first."""

import json
from dataclasses import replace

import pytest
from tests.example_pages import page
from tests.extract.fields.sample_article import URL, article, json_ld_article, meta

from khobor.entry_facts import EntryFacts, image_mark
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


CAPTION = "The bridge on Monday. Photo: Ines Falk"


@pytest.mark.parametrize(
    "figure",
    [
        f'<figure><img src="/b.jpg" alt="A river"><figcaption>{CAPTION}</figcaption></figure>',
        f'<figure class="cover"><img src="/b.jpg" alt="A river"><p>{CAPTION}</p></figure>',
        f'<figure><a href="/b.jpg"><img src="/b.jpg" alt="A river"></a> {CAPTION}</figure>',
    ],
)
@pytest.mark.parametrize("head", ["", meta("og:image", "/img/b.jpg")])
def test_a_figure_above_the_text_is_the_lead_image_with_all_that_it_says(figure: str, head: str) -> None:
    html = page(head=head).decode().replace("</h1>", f"</h1>{figure}")
    (image,) = extract(html.encode(), URL).images
    assert image.url.endswith("/b.jpg")
    assert (image.caption, image.credit) == ("The bridge on Monday.", "Ines Falk")


def test_the_caption_in_the_box_of_an_image_is_read_above_the_text_too() -> None:
    figure = f'<div class="figure"><img src="/b.jpg" alt="A river"><p class="caption">{CAPTION}</p></div>'
    html = page().decode().replace('<div class="article-body">', f'<div class="article-body">{figure}')
    found = extract(html.encode(), URL)
    assert (found.images[0].caption, found.images[0].credit) == ("The bridge on Monday.", "Ines Falk")
    assert CAPTION not in found.body_text


def test_a_figure_of_several_images_has_no_caption_for_one_of_them() -> None:
    figure = f'<figure><img src="/b.jpg" alt="A river"><img src="/c.jpg"><p>{CAPTION}</p></figure>'
    html = page().decode().replace("</h1>", f"</h1>{figure}")
    assert extract(html.encode(), URL).images[0].caption == "A river"


OWN = f'<figure><img src="/b/b.jpg" alt="A river"><figcaption>{CAPTION}</figcaption></figure>'
LOGO = json.dumps(json_ld_article(publisher={"@type": "Organization", "logo": {"url": "/brand.png"}}))


@pytest.mark.parametrize(
    ("shared", "sign"),
    [
        ("/brand.png", '<link rel="apple-touch-icon" sizes="180x180" href="/brand.png?v=3">'),
        ("/brand.png", '<link rel="shortcut icon" href="/brand.png">'),
        ("/up/2024/brand-512x512.png", '<link rel="icon" sizes="32x32" href="/up/2024/brand-32x32.png">'),
        ("/brand.png", f'<script type="application/ld+json">{LOGO}</script>'),
        ("/img/logo_1200x630.jpg", ""),
        ("/images/site_default_image.jpg", ""),
        ("/static/DailyTestLogo2.png", meta("og:site_name", "The Daily Test")),
        ("/news-logo-share.gif", ""),
    ],
)
def test_an_image_of_the_site_is_no_lead_image_where_the_article_has_its_own(shared: str, sign: str) -> None:
    head = meta("og:image", f"https://news.example{shared}") + sign
    found = extract(page(head=head, article=OWN), URL)
    assert [image.url for image in found.images] == ["https://news.example/b/b.jpg"]
    (alone,) = extract(page(head=head), URL).images
    assert alone.url.endswith(shared)
    (listed,) = extract(page(head=head), URL, entry=EntryFacts(image="https://news.example/own.jpg")).images
    assert listed.url == "https://news.example/own.jpg"


def lead_image(head: str, body: str = OWN) -> str:
    """Return the lead image of an article that shows one of its own, below its headline."""
    return extract(page(head=head, article=body), URL).images[0].url


SITE_LD = '<script type="application/ld+json">{"@type": "WebSite", "image": {"url": "/card.jpg"}}</script>'
NAME = meta("og:site_name", "The Daily Test")
ALT = meta("og:image:alt", "The Daily Test")


@pytest.mark.parametrize(
    ("shared", "sign"),
    [
        pytest.param("/og.png", '<link rel="icon" href="/favicon.ico">', id="beside the icon"),
        pytest.param("/static/social.png", '<link rel="stylesheet" href="/static/main.css?v=3">', id="beside styles"),
        pytest.param("/img/cover.jpg", '<link rel="manifest" href="/img/site.webmanifest">', id="beside the manifest"),
        pytest.param("/t/a/pictures/0.jpg", '<link rel="stylesheet" href="/t/a/css/a.css">', id="in the same theme"),
        pytest.param("/t/a/0.jpg", '<link rel="stylesheet" href="/t/a/css/a.css">', id="in the theme's own folder"),
        pytest.param("/card.jpg", SITE_LD, id="JSON-LD of the site"),
        pytest.param("/x/17.jpg", NAME + ALT, id="called like the site"),
        pytest.param("/x/the-daily-test_1200x630.jpg", NAME, id="file with the site's name"),
        pytest.param("/x/og_dailytest_fb.jpg", NAME, id="file with the site's name and where it is used"),
    ],
)
def test_a_picture_with_any_name_is_of_the_site_if_the_page_shows_it(shared: str, sign: str) -> None:
    head = meta("og:image", f"https://news.example{shared}") + sign
    assert lead_image(head) == "https://news.example/b/b.jpg"
    (alone,) = extract(page(head=head), URL).images
    assert alone.url.endswith(shared)


ICON = '<link rel="icon" href="/files/icon.png"><link rel="stylesheet" href="/files/css/a.css">'


@pytest.mark.parametrize(
    ("url", "sign", "own"),
    [
        pytest.param("/files/17.jpg", ICON, "/files/18.jpg", id="the article's pictures lie there too"),
        pytest.param("/files/17.jpg", ICON, "https://cdn.example/files/18.jpg", id="they lie there on another host"),
        pytest.param("/files/2026-02/17.jpg", ICON, "/b/b.jpg", id="folder of a month"),
        pytest.param("/files/old-bridge.jpg", ICON, "/b/b.jpg", id="its name is about the article"),
        pytest.param("/x/old-bridge.jpg", NAME + ALT, "/b/b.jpg", id="its name is about it, whatever its description"),
        pytest.param("/x/17.jpg", ICON, "/b/b.jpg", id="another folder"),
        pytest.param("/x/daily-visitors.jpg", NAME, "/b/b.jpg", id="only a part of the site's name"),
        pytest.param("/x/news?image=17.jpg", NAME, "/b/b.jpg", id="not the name of a file"),
        pytest.param("/x/17.jpg", NAME + meta("og:image:alt", "Arches"), "/b/b.jpg", id="described as something else"),
    ],
)
def test_the_picture_of_the_article_stays_its_lead_image(url: str, sign: str, own: str) -> None:
    head = meta("og:image", f"https://news.example{url}") + sign
    assert lead_image(head, OWN.replace("/b/b.jpg", own)) == f"https://news.example{url}"


def test_a_picture_that_is_shown_anywhere_on_the_page_is_not_of_the_site_by_its_folder() -> None:
    head = meta("og:image", "/files/17.jpg") + ICON
    html = page(head=head, article=OWN).decode().replace("<nav>", '<div><img src="/files/17.jpg"></div><nav>')
    assert extract(html.encode(), URL).images[0].url == "https://news.example/files/17.jpg"


def test_a_cover_in_the_header_of_every_page_is_of_the_site() -> None:
    html = page(head=meta("og:image", "/files/17.jpg") + ICON, article=OWN).decode()
    html = html.replace("<body>", '<body><header><img src="/files/17.jpg"></header>')
    assert extract(html.encode(), URL).images[0].url == "https://news.example/b/b.jpg"


MARKED = EntryFacts(site_images=(image_mark("https://news.example/x/17.jpg"),))


def test_an_image_that_other_pages_of_the_site_have_is_no_lead_image_where_the_article_has_its_own() -> None:
    head = meta("og:image", "http://news.example/x/17.jpg?v=4")
    assert extract(page(head=head, article=OWN), URL).images[0].url.endswith("/x/17.jpg?v=4")
    assert extract(page(head=head, article=OWN), URL, entry=MARKED).images[0].url == "https://news.example/b/b.jpg"
    (alone,) = extract(page(head=head), URL, entry=MARKED).images
    assert alone.url.endswith("/x/17.jpg?v=4")
    listed = replace(MARKED, image="https://news.example/own.jpg")
    assert extract(page(head=head), URL, entry=listed).images[0].url == "https://news.example/own.jpg"


@pytest.mark.parametrize("place", ["</h1>", '<div class="article-body">'])
def test_a_picture_of_the_article_may_lie_beside_the_icons_of_its_site(place: str) -> None:
    head = meta("og:image", "/x/17.jpg") + ICON
    figure = OWN.replace("/b/b.jpg", "/files/18.jpg")
    html = page(head=head).decode().replace(place, f'{place}<p><img src="/files/bullet.gif"></p>{figure}').encode()
    (lead, *_) = extract(html, URL, entry=MARKED).images
    assert (lead.url, lead.caption) == ("https://news.example/files/18.jpg", "The bridge on Monday.")


@pytest.mark.parametrize("place", ["</h1>", "<main>", '<div class="article-body">'])
def test_an_image_that_the_page_of_the_article_shows_is_its_own_whatever_other_pages_have(place: str) -> None:
    html = page(head=meta("og:image", "/x/17.jpg"), article=OWN).decode()
    html = html.replace(place, f'{place}<div><img src="/x/17.jpg"></div>')
    assert extract(html.encode(), URL, entry=MARKED).images[0].url == "https://news.example/x/17.jpg"


def test_an_image_that_is_called_like_the_article_is_its_own_whatever_other_pages_have() -> None:
    url = "https://news.example/x/old-bridge-wide.jpg"
    entry = EntryFacts(site_images=(image_mark(url),))
    assert extract(page(head=meta("og:image", url), article=OWN), URL, entry=entry).images[0].url == url


def test_a_bullet_of_the_design_is_no_picture_of_the_article() -> None:
    head = meta("og:image", "/files/17.jpg") + ICON
    bullet, own = '<figure><img src="/files/css/bullet.gif"></figure>', '<figure><img src="/b/b.jpg"></figure>'
    assert lead_image(head, bullet) == "https://news.example/files/17.jpg"
    html = page(head=head).decode().replace('<div class="article-body">', f'<div class="article-body">{bullet}{own}')
    assert extract(html.encode(), URL).images[0].url == "https://news.example/b/b.jpg"


def test_a_site_about_a_place_does_not_own_the_pictures_of_it() -> None:
    head = meta("og:image", "/x/bridge.jpg") + meta("og:site_name", "Bridge")
    assert lead_image(head) == "https://news.example/x/bridge.jpg"


def test_the_other_image_that_the_page_declares_may_be_of_the_article() -> None:
    head = meta("og:image", "/logo.png") + meta("og:image", "/x/17.jpg") + meta("twitter:image", "/logo.png")
    assert lead_image(head) == "https://news.example/x/17.jpg"
    assert lead_image(meta("og:image", "/logo.png") + meta("twitter:image", "/x/18.jpg")).endswith("/x/18.jpg")
    assert lead_image(meta("twitter:image:src", "/x/19.jpg")).endswith("/x/19.jpg")


def test_the_picture_that_leads_home_is_of_the_site() -> None:
    html = page(head=meta("og:image", "/head.gif"), article=OWN).decode()
    html = html.replace("<body>", '<body><header><a href="/"><img src="/head.gif" alt="Daily"></a></header>')
    assert "head.gif" in html.partition("<header>")[2]
    assert [image.url for image in extract(html.encode(), URL).images] == ["https://news.example/b/b.jpg"]


def test_a_picture_of_a_logo_that_the_article_shows_is_its_own() -> None:
    html = page(head=meta("og:image", "/2026/new-logo.jpg"), article=OWN.replace("/b/b.jpg", "/2026/new-logo.jpg"))
    html = html.decode().replace("</h1>", f"</h1>{OWN}").encode()
    assert extract(html, URL).images[0].url == "https://news.example/2026/new-logo.jpg"


@pytest.mark.parametrize(
    "name", ["Orchard-phones-logo.png", "a-flag-with-the-old-logo.jpg", "catalogo-2026.jpg", "defaults-of-loans.jpg"]
)
def test_a_picture_of_another_logo_leads_an_article_about_it(name: str) -> None:
    images = extract(page(head=meta("og:image", f"/2026/{name}"), article=OWN), URL).images
    assert images[0].url == f"https://news.example/2026/{name}"


@pytest.mark.parametrize(
    "image",
    [
        '<img src="/img/b.jpg" srcset="/img/loading.gif" lazyload>',
        '<img src="/theme/placeholder.svg" data-src="/img/b.jpg">',
        '<img src="/img/b.jpg" data-src="/theme/lazy-load.png">',
        '<img srcset="/a/blank.gif 1w" src="/img/b.jpg">',
    ],
)
def test_what_is_shown_until_an_image_has_come_is_none(image: str) -> None:
    (found,) = article(article=f"<figure>{image}<figcaption>Night. Photo: Rahman</figcaption></figure>").images
    assert (found.url, found.caption) == ("https://news.example/img/b.jpg", "Night.")


@pytest.mark.parametrize("name", ["blank.jpg", "theme/transparent.gif", "1x1.png", "placeholder-1200x630.png"])
def test_what_is_declared_in_place_of_an_image_is_none(name: str) -> None:
    head = meta("og:image", f"https://news.example/{name}")
    assert extract(page(head=head), URL).images == ()
    assert lead_image(head) == "https://news.example/b/b.jpg"


def test_a_file_with_such_a_name_is_an_image_if_there_is_no_other() -> None:
    (found,) = article(article='<figure><img src="/img/ship-loading.jpg"></figure>').images
    assert found.url == "https://news.example/img/ship-loading.jpg"
