"""Each field from each place that it may stand in, the better place first."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.pages import page

from khobor.article import Article
from khobor.extract import extract

URL = "https://news.example/city/bridge-1"
NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)


def article(url: str | None = URL, **parts: Any) -> Article:
    return extract(page(**parts), url, fetched_at=NOW)


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def described(**properties: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Old bridge opens again"} | properties


class TestTitle:
    def test_is_the_heading_that_the_pages_titles_confirm(self) -> None:
        head = meta("og:title", "Old bridge opens again after two years")
        assert article(head=head).title == "Old bridge opens again"

    def test_is_not_a_heading_that_nothing_confirms(self) -> None:
        html = page().decode().replace("<h1>Old bridge opens again</h1>", "<h1>The Daily Test</h1>")
        assert extract(html.encode(), URL).title == "Old bridge opens again"

    def test_of_the_page_loses_the_sites_name(self) -> None:
        html = page().decode().replace("<h1>Old bridge opens again</h1>", "")
        assert extract(html.encode(), URL).title == "Old bridge opens again"

    def test_alternatives_are_those_that_differ(self) -> None:
        found = article(head=meta("og:title", "Bridge open"), json_ld=described(headline="Old bridge opens AGAIN"))
        assert found.alternative_titles == ("Bridge open",)

    def test_loses_the_sites_name_in_front_where_only_the_rest_stands_on_the_page(self) -> None:
        html = (
            page()
            .decode()
            .replace("Old bridge opens again | The Daily Test", "Daily Test - Old bridge opens again at last")
        )
        html = html.replace("<h1>Old bridge opens again</h1>", "<div><b>Old bridge opens again at last</b></div>")
        assert extract(html.encode(), URL).title == "Old bridge opens again at last"

    def test_alternatives_lose_section_and_site(self) -> None:
        title = "Old bridge opens again after two long years | City | The Daily Test"
        found = extract(page().decode().replace("Old bridge opens again | The Daily Test", title).encode(), URL)
        assert found.alternative_titles == ("Old bridge opens again after two long years",)

    def test_of_two_articles_in_json_ld_the_one_with_the_pages_address_is_it(self) -> None:
        other = described(
            headline="Another headline", url="https://news.example/city/2", author="B. Khan", keywords=["x"]
        )
        graph = {"@graph": [other, described(headline="Bridge open", url=URL, author="A. Rahman")]}
        assert [author.name for author in article(json_ld=graph).authors] == ["A. Rahman"]


class TestAuthors:
    @pytest.mark.parametrize(
        ("parts", "names"),
        [
            ({"json_ld": described(author={"name": "A. Rahman"})}, ["A. Rahman"]),
            ({"json_ld": described(author=["A. Rahman", {"name": "B. Khan"}])}, ["A. Rahman", "B. Khan"]),
            ({"json_ld": described(author="A. Rahman and B. Khan")}, ["A. Rahman", "B. Khan"]),
            ({"head": '<meta name="author" content="By A. Rahman">'}, ["A. Rahman"]),
            ({"article": '<p class="byline">By A. Rahman, B. Khan</p>'}, ["A. Rahman", "B. Khan"]),
            ({"article": '<a rel="author" href="/a/1">A. Rahman</a>'}, ["A. Rahman"]),
            ({"head": meta("article:author", "https://facebook.com/daily")}, []),
            ({}, []),
        ],
    )
    def test_are_named(self, parts: dict[str, Any], names: list[str]) -> None:
        assert [author.name for author in article(**parts).authors] == names

    def test_have_a_url_where_there_is_one(self) -> None:
        (author,) = article(json_ld=described(author={"name": "A. Rahman", "url": "/authors/1"})).authors
        assert author.url == "https://news.example/authors/1"


class TestDates:
    @pytest.mark.parametrize(
        "parts",
        [
            {"json_ld": described(datePublished="2026-09-15T08:30:00+02:00")},
            {"head": meta("article:published_time", "2026-09-15T06:30:00Z")},
            {"article": '<time datetime="2026-09-15T06:30:00Z">yesterday</time>'},
            {"article": '<span class="published">Published: 15 September 2026, 06:30</span>'},
        ],
    )
    def test_published(self, parts: dict[str, Any]) -> None:
        assert article(**parts).published_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)

    def test_a_place_with_the_time_is_better_than_one_with_the_day(self) -> None:
        found = article(
            json_ld=described(datePublished="2026-09-15"), head=meta("article:published_time", "2026-09-15T06:30:00Z")
        )
        assert found.published_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)

    def test_one_is_never_guessed_from_the_other(self) -> None:
        found = article(json_ld=described(dateModified="2026-09-15T08:30:00+02:00"))
        assert found.published_at is None
        assert found.modified_at == datetime(2026, 9, 15, 6, 30, tzinfo=UTC)

    def test_the_zone_that_was_assumed_is_told(self) -> None:
        evidence = article(json_ld=described(datePublished="2026-09-15 08:30")).extraction.fields["published_at"]
        assert (evidence.assumed_zone, evidence.precision, evidence.origin) == ("UTC", "minute", "json-ld")

    def test_a_time_without_an_offset_takes_that_of_the_pages_other_times(self) -> None:
        found = article(
            head=meta("article:published_time", "2026-09-15T14:20:00+09:00"),
            article="<div>Updated 2026-09-15 16:05</div>",
        )
        assert found.modified_at == datetime(2026, 9, 15, 7, 5, tzinfo=UTC)
        assert found.extraction.fields["modified_at"].assumed_zone == "UTC+09:00"

    def test_todays_date_in_the_pages_header_is_not_the_articles(self) -> None:
        html = (
            page().decode().replace("<nav>", '<div class="top"><span class="date">16 September 2026</span></div><nav>')
        )
        assert extract(html.encode(), URL, fetched_at=NOW).published_at is None

    def test_another_articles_date_in_microdata_is_not_the_articles(self) -> None:
        other = '<meta itemprop="datePublished" content="2026-09-14T10:00:00Z">'
        scope = 'itemscope itemtype="https://schema.org/NewsArticle"'
        html = page().decode().replace("<article>", f"<article {scope}>")
        html = html.replace("<footer>", f"<div {scope}>{other}</div><footer>")
        assert extract(html.encode(), URL, fetched_at=NOW).published_at is None


class TestLanguage:
    @pytest.mark.parametrize(
        ("lang", "text", "language"),
        [
            ("en-GB", "The bridge is open.", "en-GB"),
            ("en_US", "The bridge is open.", "en-US"),
            ("en", "সেতুটি খুলে দেওয়া হয়েছে", "bn"),
            ("as", "সেতুটি খুলে দেওয়া হয়েছে", "as"),
            ("bn", "The bridge is open.", None),
            ("", "The bridge is open.", None),
            ("ja", "橋が再び開通しました。市議会が発表した。", "ja"),
            ("en", "橋が再び開通しました。市議会が発表した。", "ja"),
        ],
    )
    def test_is_what_the_page_says_if_the_script_agrees(self, lang: str, text: str, language: str | None) -> None:
        assert article(lang=lang, title=text, paragraphs=(text * 4,)).language == language

    def test_words_are_counted_by_the_scripts_own_rules(self) -> None:
        assert article(paragraphs=("One, two - three four’s five and more of the words for a body.",)).word_count == 13
        assert article(paragraphs=("橋が再び開通しました" * 5,)).word_count == 50


class TestSection:
    @pytest.mark.parametrize(
        ("parts", "section"),
        [
            ({"json_ld": described(articleSection="Local")}, "Local"),
            ({"head": meta("article:section", "Local")}, "Local"),
            ({"article": '<ul class="breadcrumbs"><li>Home</li><li>Local</li></ul>'}, "Local"),
            ({}, "city"),
            ({"article": '<div><a href="/city">In the city</a></div>'}, "In the city"),
            ({"article": '<nav aria-label="breadcrumb"><a href="/">Home</a><a href="/l">Local</a></nav>'}, "Local"),
            ({"article": '<meta itemprop="articleSection" content="Local">'}, "Local"),
            ({"url": "https://news.example/bridge-1"}, None),
            ({"url": "https://news.example/2026/09/bridge-1"}, None),
        ],
    )
    def test_section(self, parts: dict[str, Any], section: str | None) -> None:
        assert article(**parts).section == section

    def test_breadcrumbs_leave_out_home_and_the_article(self) -> None:
        names = ["Home", "Local", "Roads", "Old bridge opens again"]
        items = [{"@type": "ListItem", "position": number, "name": name} for number, name in enumerate(names)]
        found = article(json_ld={"@graph": [described(), {"@type": "BreadcrumbList", "itemListElement": items}]})
        assert found.breadcrumbs == ("Local", "Roads")


class TestTags:
    @pytest.mark.parametrize(
        "parts",
        [
            {"json_ld": described(keywords=["Bridges", "Floods"])},
            {"json_ld": described(keywords="Bridges, Floods, bridges")},
            {"head": meta("article:tag", "Bridges") + meta("article:tag", "Floods")},
            {"head": '<meta name="news_keywords" content="Bridges; Floods">'},
            {"article": '<a rel="tag" href="/t/1">#Bridges</a><a rel="tag" href="/t/2">Floods</a>'},
        ],
    )
    def test_tags(self, parts: dict[str, Any]) -> None:
        assert article(**parts).tags == ("Bridges", "Floods")


class TestImages:
    def test_the_lead_image_comes_first_with_what_its_figure_says(self) -> None:
        figure = '<figure><img src="/b.jpg?w=9"><figcaption>Night. Photo: Rahman</figcaption></figure>'
        found = article(head=meta("og:image", "/img/b.jpg"), article=figure)
        (image,) = found.images
        assert (image.caption, image.credit) == ("Night.", "Rahman")

    def test_json_ld_gives_size_and_credit(self) -> None:
        image = {"@type": "ImageObject", "url": "/a.jpg", "width": 1200, "height": "675", "creditText": "dpa"}
        (found,) = article(json_ld=described(image=[image])).images
        assert (found.url, found.width, found.height, found.credit) == ("https://news.example/a.jpg", 1200, 675, "dpa")

    def test_a_page_without_images_has_none(self) -> None:
        assert article().images == ()


class TestCanonicalUrl:
    @pytest.mark.parametrize(
        ("url", "href", "canonical"),
        [
            (URL, "https://www.news.example/a/1", "https://www.news.example/a/1"),
            (URL, "/a/1?utm_source=x", "https://news.example/a/1"),
            (f"{URL}?utm_source=x#top", "", URL),
            (URL, "https://evil.example/a/1", URL),
            (URL, "https://news.example/", URL),
            ("http://127.0.0.1:8000/a", "https://www.news.example/a/1", "https://www.news.example/a/1"),
            (None, "https://www.news.example/a/1", "https://www.news.example/a/1"),
            (None, "", None),
            ("not a URL", "", None),
        ],
    )
    def test_is_believed_within_its_own_site(self, url: str | None, href: str, canonical: str | None) -> None:
        found = article(url=url, head=f'<link rel="canonical" href="{href}">')
        assert found.canonical_url == canonical

    def test_pages_without_one_are_told_apart_by_their_bytes(self) -> None:
        one, same, other = article(None), article(None), article(None, title="Another bridge opens")
        assert one.article_id == same.article_id != other.article_id

    def test_relative_links_of_a_page_without_url_are_resolved_against_what_it_says(self) -> None:
        found = article(None, head=meta("og:url", "https://news.example/a/1") + meta("og:image", "/a.jpg"))
        assert found.images[0].url == "https://news.example/a.jpg"


class TestCredits:
    @pytest.mark.parametrize(
        ("sentence", "names"),
        [
            ("লড়াই করে চলেছে। খবর আলজাজিরার।", ("আলজাজিরা",)),
            ("তিনি এ কথা জানান। খবর রয়টার্সের।", ("রয়টার্স",)),
            ("তিনি এ কথা জানান। খবর বিবিসি ও এএফপির।", ("বিবিসি", "এএফপি")),
            ("সূত্র: আনাদোলু", ("আনাদোলু",)),
            ("It opened on Monday. Source: Reuters", ("Reuters",)),
            ("Es wurde am Montag eröffnet. (dpa)", ("dpa",)),
            ("Той каза това в сряда пред хората. (БТК)", ("БТК",)),
            ("طرابلس (أ ف ب) – افتتح الجسر القديم فوق النهر صباح الاثنين.", ("أ ف ب",)),
            ("It opened on Monday (see picture)", ()),
            ("এ খবর শুনে তিনি হাসপাতালে যান এবং রোগীর সঙ্গে কথা বলেন।", ()),
        ],
    )
    def test_credits(self, sentence: str, names: tuple[str, ...]) -> None:
        assert article(paragraphs=("An introduction that is long enough for a body.", sentence)).credits == names


@pytest.mark.parametrize(
    ("parts", "genre"),
    [
        ({"json_ld": described()}, "news"),
        ({"json_ld": {"@type": "OpinionNewsArticle", "headline": "x"}}, "opinion"),
        ({"json_ld": {"@type": "LiveBlogPosting", "headline": "x"}}, "live"),
        ({"url": "https://news.example/opinion/bridge"}, "opinion"),
        ({"url": "https://news.example/gallery/bridge"}, "gallery"),
        ({"head": meta("og:type", "video.other")}, "video"),
        ({}, None),
    ],
)
def test_genre(parts: dict[str, Any], genre: str | None) -> None:
    assert article(**parts).genre == genre


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


def test_publisher() -> None:
    organization = {"@type": "Organization", "name": "The Daily Test", "logo": {"url": "/logo.png"}}
    publisher = article(json_ld=described(publisher=organization)).publisher
    assert publisher is not None
    assert (publisher.name, publisher.logo) == ("The Daily Test", "https://news.example/logo.png")


def test_publisher_in_microdata() -> None:
    markup = '<span itemprop="publisher" itemscope><meta itemprop="name" content="The Daily Test"></span>'
    publisher = article(article=markup).publisher
    assert publisher is not None
    assert publisher.name == "The Daily Test"


def test_description_and_kicker() -> None:
    found = article(head=meta("og:description", "Two years after the flood."), article='<p class="kicker">Roads</p>')
    assert (found.description, found.kicker) == ("Two years after the flood.", "Roads")


def test_a_description_that_repeats_the_title_is_none() -> None:
    assert article(head=meta("og:description", "Old bridge opens again!")).description is None


def test_related_links_lead_to_other_articles_of_the_site() -> None:
    (link,) = article().related
    assert (link.url, link.text) == (
        "https://news.example/city/99",
        "A dog found its way home over two hundred kilometres",
    )
