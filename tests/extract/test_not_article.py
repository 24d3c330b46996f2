"""A page without an article has a reason. An article is never refused."""

import json
from typing import Any

import pytest
from tests.example_pages import PARAGRAPHS, page

from khobor.extract import extract

CARDS = "".join(
    f"<div><h2><a href='/city/{number}'>The headline of article number {number}</a></h2><p>A teaser.</p></div>"
    for number in range(8)
)


def verdict(title: str, body: str = "", url: str = "https://news.example/x") -> str | None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    return extract(html.encode(), url).extraction.not_article


@pytest.mark.parametrize(
    ("html", "reason"),
    [(b" \n", "empty"), (b"%PDF-1.7 x", "not_html"), (b'{"a": "<p>"}', "not_html"), (b"plain words", "not_html")],
)
def test_what_is_no_page(html: bytes, reason: str) -> None:
    assert extract(html, None).extraction.not_article == reason


@pytest.mark.parametrize(
    ("title", "body", "reason"),
    [
        ("404 - Page not found", "<p>The page that you asked for may have been moved or removed.</p>", "error_page"),
        (
            "Seite nicht gefunden | Kurier",
            "<p>Die Seite wurde verschoben, oder die Adresse ist falsch.</p>",
            "error_page",
        ),
        (
            "503 Service Unavailable",
            "<p>The server cannot answer because it is too busy at the moment.</p>",
            "error_page",
        ),
        ("পাতাটি পাওয়া যায়নি", "<p>আপনি যে পাতাটি খুঁজছেন তা সরিয়ে ফেলা হয়েছে অথবা ঠিকানাটি ভুল।</p>", "error_page"),
        ("页面不存在", "<p>您访问的页面可能已经被删除，请检查地址是否正确，或者返回首页继续浏览。</p>", "error_page"),
        ("Search results for bridge", CARDS, "search_page"),
        ("Noticias sobre el puente", CARDS, "tag_page"),
        ("The Daily Test", CARDS, "front_page"),
        ("Connexion", "<form><input type=password></form><p>Pas encore de compte ? Inscrivez-vous.</p>", "login_page"),
        (
            "Wir nutzen Cookies",
            "<p>Wir und unsere Partner nutzen Cookies, um Ihnen Anzeigen zu zeigen.</p>",
            "consent_page",
        ),
        ("The Daily Test", "<div id=root></div><script src=/app.js></script>", "app_shell"),
        ("A headline of some words", "", "no_body"),
    ],
)
def test_what_is_no_article(title: str, body: str, reason: str) -> None:
    assert verdict(title, body) == reason


def test_a_list_below_the_path_of_tags_is_that_of_a_tag() -> None:
    assert verdict("Bridges", CARDS, "https://news.example/tag/bridges") == "tag_page"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: how a library lost half of its books",
        "Error 404 becomes a film about a lost server",
        "Search results for words of hate are to vanish",
        "Cookies are good for you, a bakery says",
        "How to log in to your town hall",
    ],
)
def test_an_article_about_such_things_is_one(title: str) -> None:
    parts: dict[str, Any] = {"head": '<meta property="og:type" content="article">'}
    found = extract(page(title=title, paragraphs=PARAGRAPHS * 3, **parts), "https://news.example/city/1")
    assert found.extraction.not_article is None


STORY = "The council voted on Tuesday to rebuild the old bridge, and it will close for a year from the spring on. "
ENTRIES = {
    "en": (
        "Budget",
        "Council approves the plan for the old depot {}",
        "The river authority approved a plan to rebuild.",
    ),
    "bn": ("বাজেট", "পুরোনো সেতু নতুন করে গড়ার সিদ্ধান্ত নিল পরিষদ {}", "নদী কর্তৃপক্ষ তৃতীয়বারের মতো পরিকল্পনা অনুমোদন করেছে।"),
    "ar": ("ميزانية", "المجلس يوافق على خطة المستودع القديم {}", "وافقت هيئة النهر على خطة لإعادة البناء هذا العام."),
    "zh": (
        "预算",
        "市议会批准重建旧电车车库{}",
        "交通部推迟开放旧电车车库赶在收获季节之前。电力局批评延误修复区域种子库。",
    ),
}


def refusal(html: str, url: str = "https://news.example/x") -> tuple[str | None, str]:
    extraction = extract(html.encode(), url).extraction
    return extraction.not_article, extraction.refusal.text if extraction.refusal else ""


def a_list(script: str, count: int, entry: str) -> str:
    name, title, teaser = ENTRIES[script]
    entries = "".join(entry.format(title=title.format(number), teaser=teaser, number=number) for number in range(count))
    main = f"<main><header><h1>{name}</h1></header>{entries}</main>"
    return f"<html><head><title>{name}</title></head><body>{main}</body></html>"


@pytest.mark.parametrize("script", ENTRIES)
@pytest.mark.parametrize(
    "entry",
    [
        "<article><h2><a href='/p/{number}'>{title}</a></h2><p>{teaser}</p></article>",
        "<li><a href='/p/{number}'><h3>{title}</h3></a><p>{teaser} {teaser}</p></li>",
        "<div><h2><a href='/p/{number}'>{title}</a></h2><time>2026-03-0{number}</time></div>",
        # A link that lies over the whole entry.
        (
            "<article class=post><header><h2>{title}</h2></header><div class=entry-content><p>{teaser}</p></div>"
            "<a class=link aria-label='post' href='/p/{number}'></a></article>"
        ),
    ],
)
@pytest.mark.parametrize("count", [3, 5, 9])
def test_a_list_is_recognised_by_its_form(script: str, entry: str, count: int) -> None:
    reason, evidence = refusal(a_list(script, count, entry))
    assert reason == "front_page"
    assert evidence == f"{count} linked headlines and little text beside them"


@pytest.mark.parametrize("script", ENTRIES)
def test_a_list_of_links_without_headings_is_one(script: str) -> None:
    row = "<tr><td><a href='/p/{number}'>{title}</a></td></tr>"
    name, _, _ = ENTRIES[script]
    rows = a_list(script, 30, row).replace("<tr>", "<table><tr>", 1).replace("</main>", "</table></main>")
    assert refusal(rows.replace(f"<header><h1>{name}</h1></header>", "")) == ("front_page", "30 links and little else")


@pytest.mark.parametrize("script", ENTRIES)
def test_a_short_article_beside_many_headlines_is_one(script: str) -> None:
    _, title, teaser = ENTRIES[script]
    cards = "".join(f"<div><h3><a href='/{n}'>{title.format(n)}</a></h3></div>" for n in range(20))
    headline = title.format("") + (" now" if script != "zh" else "")
    html = f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1><p>{teaser}</p><p>{teaser}</p>{cards}"
    assert refusal(html)[0] is None


@pytest.mark.parametrize("script", ENTRIES)
@pytest.mark.parametrize(
    "article",
    [
        "<div class=headline>{title}</div><p>{teaser}</p>",
        "<b>{title}</b><br>{teaser}",
        "<h3><a href='/x'>{title}</a></h3><div class=date>3 May 2026</div><div>{teaser}</div>",
        "<table><tr><td><font size=4>{title}</font><br><br>{teaser}</td></tr></table>",
        "<h2>{title}<p>{teaser}",
        "<dl><dt>{title}</dt><dd>{teaser}</dd></dl>",
    ],
)
def test_a_title_above_the_text_is_a_headline_in_any_element(script: str, article: str) -> None:
    _, title, teaser = ENTRIES[script]
    menu = "".join(f"<li><a href='/{n}'>{title.format(n)}</a></li>" for n in range(30))
    text = article.format(title=title.format(""), teaser=teaser)
    head = f"<html><head><title>{title.format('')} | Kurier</title></head><body>"
    assert refusal(f"{head}<ul>{menu}</ul><div>{text}</div>{CARDS}")[0] is None


def test_a_title_above_a_list_is_no_headline() -> None:
    name = "News from the city and its region"
    assert refusal(f"<title>{name} | Kurier</title><div>{name}</div>{CARDS}")[0] == "front_page"
    assert refusal(f"<title>Kurier, {name}</title><a href=/>{name}</a><p>{STORY}</p>{CARDS}")[0] == "front_page"


def test_sentences_in_headings_are_text() -> None:
    lines = "<h3>The council voted on Tuesday to rebuild the old bridge over the river.</h3>" * 2
    assert refusal(f"<title>Bridge</title><h2>Council approves the old bridge again</h2>{lines}")[0] is None


def test_an_anchor_that_is_not_closed_is_no_link() -> None:
    menu = "".join(f"<li><a href='/{n}'>The headline of article number {n}</a></li>" for n in range(30))
    title = "Council approves the old bridge again"
    html = f"<title>{title}</title><ul>{menu}</ul><h2>{title}</h2><a name=top><p>{STORY}<p>{STORY.replace('old', '')}"
    article = extract(html.encode(), "https://news.example/x")
    assert article.extraction.not_article is None
    assert len(article.body) == 2


def test_an_article_of_paragraphs_beside_many_headlines_needs_no_heading() -> None:
    html = f"<html><head><title>Bridges</title></head><body><div>{f'<p>{STORY}</p>' * 5}</div>{CARDS}</body></html>"
    assert refusal(html)[0] is None


def ld(data: str) -> str:
    return f"<script type='application/ld+json'>{data}</script>"


@pytest.mark.parametrize(
    ("head", "reason", "evidence"),
    [
        (ld('{"@type": "Product", "name": "Boots", "offers": {"price": 9}}'), "product_page", "Product"),
        ("<meta property=og:type content=product>", "product_page", "product"),
        ("<meta property=og:type content=product.group>", "collection_page", "product.group"),
        ("<meta property='product:price:amount' content=9.90>", "product_page", "9.90"),
        (
            ld('{"@graph": [{"@type": "DiscussionForumPosting"}, {"@type": "WebSite"}]}'),
            "forum_page",
            "DiscussionForumPosting",
        ),
        (ld('{"@type": "QAPage", "mainEntity": {"@type": "Question"}}'), "forum_page", "QAPage"),
        (ld('{"@type": ["WebPage", "CollectionPage"]}'), "collection_page", "CollectionPage"),
        (ld('{"@type": "ItemList", "itemListElement": []}'), "collection_page", "ItemList"),
        (ld('{"@type": "https://schema.org/SearchResultsPage"}'), "search_page", "SearchResultsPage"),
        (ld('{"@type": "ContactPage"}'), "service_page", "ContactPage"),
        (ld('{"@type": "ProfilePage"}'), "service_page", "ProfilePage"),
    ],
)
def test_a_page_is_what_it_declares(head: str, reason: str, evidence: str) -> None:
    html = f"<html><head><title>Boots</title>{head}</head><body><h1>Boots</h1>{f'<p>{STORY}</p>' * 5}</body></html>"
    assert refusal(html) == (reason, evidence)
    declared = html.replace("</head>", ld('{"@type": "NewsArticle", "headline": "Boots"}') + "</head>")
    assert refusal(declared)[0] is None


def test_a_collection_below_the_path_of_tags_is_that_of_a_tag() -> None:
    head = ld('{"@type": "CollectionPage"}')
    assert (
        refusal(f"<head>{head}</head><h1>Bridges</h1><p>{STORY}", "https://news.example/tag/bridges")[0] == "tag_page"
    )


def test_products_and_threads_in_microdata_count() -> None:
    parts = f"<h1>Old boots for a long walk</h1><p>{STORY * 4}</p>"
    assert refusal(f"<div itemscope itemtype='https://schema.org/Product'>{parts}</div>") == ("product_page", "Product")
    thread = f"<div itemscope itemtype='http://schema.org/DiscussionForumPosting'>{parts}</div>"
    assert refusal(thread) == ("forum_page", "DiscussionForumPosting")


def test_a_review_of_a_product_is_an_article() -> None:
    head = ld('{"@type": "Product", "name": "Boots", "offers": {"price": 9}}')
    head += "<meta name=author content='Maya Lindqvist'><meta property=og:type content=article>"
    assert refusal(f"<head>{head}<title>Boots</title></head><h1>Boots</h1><p>{STORY * 4}")[0] is None


def test_a_price_and_a_button_for_a_cart_are_those_of_a_shop() -> None:
    shop = f"<h1>Boots</h1><p>{STORY * 4}</p><span>€ 49.90</span>"
    assert refusal(f"{shop}<button class=add-to-cart>In den Korb</button>") == (
        "product_page",
        "€ 49.90, button add-to-cart",
    )
    assert refusal(f"{shop}<button class=share>Share</button>")[0] is None
    byline = "<span class=byline>By Maya Lindqvist</span>"
    assert refusal(f"{shop}{byline}<button class=add-to-cart>In den Korb</button>")[0] is None


@pytest.mark.parametrize("tag", ["div", "li", "article"])
def test_a_thread_of_posts_is_recognised_by_its_form(tag: str) -> None:
    marks = "<span class=author>walker{0}</span><time>2026-03-0{0}</time>"
    post = f"<{tag} class='post n7'>{marks}<p>{STORY * 2}</p></{tag}>"
    posts = "".join(post.format(number) for number in range(1, 6))
    reason, evidence = refusal(f"<title>Which boots do you take for a long walk?</title><h1>Boots</h1>{posts}")
    assert reason == "forum_page"
    assert evidence == f"5 times {tag} post n with a date or an author, and little text beside them"


def test_an_article_with_comments_is_one() -> None:
    comments = f"<div class=comment><span class=author>walker</span><time>2026-03-01</time><p>{STORY * 2}</p></div>" * 9
    html = f"<title>Boots</title><h1>Boots</h1><div>{f'<p>{STORY}</p>' * 4}</div><section>{comments}</section>"
    assert refusal(html)[0] is None


def test_the_front_page_declares_the_address_of_the_site() -> None:
    html = f"<link rel=canonical href='https://www.news.example/'><title>Daily</title><h1>Daily</h1><p>{STORY * 5}"
    assert refusal(html, "https://news.example/") == ("front_page", "https://www.news.example/")
    assert refusal(html.replace("www.news", "other"), "https://news.example/")[0] is None
    assert refusal(html, "https://news.example/the-bridge")[0] is None


def test_short_texts_below_many_headings_are_an_article() -> None:
    parts = "".join(f"<h2>Setting {n}</h2><p>Choose the first if your bridge is old, or narrow.</p>" for n in range(14))
    assert refusal(f"<title>Bridges</title><h1>Bridges</h1>{parts}")[0] is None


ALIAS = "<title>https://news.example/new/</title><link rel=canonical href=https://news.example/new/>"


@pytest.mark.parametrize(
    "html",
    [
        f"<html><head>{ALIAS}<meta http-equiv=refresh content='0; url=https://news.example/new/'></head></html>",
        (
            "<title>Redirecting…</title><script>location='/new/'</script>"
            "<meta http-equiv=Refresh content=\"0;URL='/new/'\">"
            "<h1>Redirecting…</h1><a href=/new/>Click here if you are not redirected.</a>"
        ),
    ],
)
def test_a_page_that_only_leads_to_another_one_says_where(html: str) -> None:
    assert refusal(html) == ("redirect_page", "https://news.example/new/")


def test_a_page_that_reloads_itself_or_has_text_leads_nowhere() -> None:
    article = f"<meta http-equiv=refresh content='300; url=/live'><title>Boots</title><h1>Boots</h1><p>{STORY * 4}</p>"
    assert refusal(article)[0] is None
    assert refusal("<meta http-equiv=refresh content='5'><title>Boots</title>")[0] == "no_body"


def test_an_article_about_results_is_one() -> None:
    html = f"<title>Results for the first quarter</title><h1>Results for the first quarter</h1><p>{STORY * 8}</p>"
    assert refusal(html)[0] is None


def test_a_product_with_the_dates_of_its_ratings_is_a_product() -> None:
    ratings = "<p><span class=date>1 March 2026</span> Good boots for a long walk.</p>" * 3
    item = f"<div itemscope itemtype='https://schema.org/Product'><h1>Boots</h1><p>{STORY * 4}</p>{ratings}</div>"
    assert refusal(f"<title>Boots</title>{item}") == ("product_page", "Product")


def test_an_article_that_recommends_products_is_one() -> None:
    offer = "<div itemscope itemtype='https://schema.org/Product'><span itemprop=name>Boots</span></div>"
    head = "<meta property=og:type content=article><title>Boots for a long walk</title>"
    byline = "<p class=byline>By Maya Lindqvist</p>"
    assert refusal(f"<head>{head}</head><h1>Boots for a long walk</h1>{byline}<p>{STORY * 4}</p>{offer}")[0] is None


@pytest.mark.parametrize("script", ENTRIES)
def test_a_few_dated_links_are_a_list(script: str) -> None:
    row = "<li><time>2026-03-0{number}</time> <a href='/p/{number}'>{title}</a></li>"
    assert refusal(a_list(script, 6, row)) == ("front_page", "6 links and little else")


def test_a_poem_beside_headlines_is_an_article() -> None:
    poem = "<br>".join(["The river runs below", "the bridge of stone", "and nobody is home", "but wind and snow"] * 5)
    html = f"<title>Bridge</title><h1>Bridge</h1><div><p>{poem}</p></div>{CARDS}"
    assert refusal(html)[0] is None


def test_running_text_without_a_headline_is_an_article() -> None:
    article = extract(
        f"<html><body><div>{f'<p>{STORY}</p>' * 5}</div></body></html>".encode(), "https://news.example/x"
    )
    assert (article.title, article.extraction.not_article) == (None, None)
    assert article.body_text.startswith("The council voted")


def test_short_texts_without_a_headline_are_none() -> None:
    menu = "<ul>" + "<li>Soup of the day with bread and butter for five euros</li>" * 9 + "</ul>"
    assert refusal(f"<html><body>{menu}</body></html>")[0] == "no_headline"


HEADLINE = "Council votes to rebuild the old bridge"


@pytest.mark.parametrize("kind", ["CollectionPage", "ProfilePage", "Product"])
def test_a_long_article_with_headline_author_and_date_is_one_whatever_its_json_ld_says(kind: str) -> None:
    head = f"<head><title>{HEADLINE}</title>{ld(json.dumps({'@type': kind, 'name': 'Bridges'}))}</head>"
    byline = "<p class=byline>By Maya Lindqvist</p><time>2026-03-01</time>"
    assert refusal(f"{head}<h1>{HEADLINE}</h1>{byline}{f'<p>{STORY}</p>' * 16}")[0] is None
    assert refusal(f"{head}<h1>{HEADLINE}</h1>{f'<p>{STORY}</p>' * 16}") != (None, "")
    assert refusal(f"{head}<h1>{HEADLINE}</h1>{byline}<p>{STORY}</p>") != (None, "")


@pytest.mark.parametrize("kind", ["CollectionPage", "DiscussionForumPosting", "Product"])
def test_what_stands_beside_an_article_does_not_say_what_the_page_is(kind: str) -> None:
    beside = f"<div itemscope itemtype='https://schema.org/{kind}'><span itemprop=name>Bridges</span></div>"
    assert refusal(f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><div>{f'<p>{STORY}</p>' * 4}</div>{beside}")[0] is None


def test_a_short_article_with_many_comments_is_one() -> None:
    comments = f"<div class=comment><span class=author>walker</span><time>2026-03-01</time><p>{STORY * 2}</p></div>" * 9
    html = (
        f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><div><p>It rains. {STORY}</p></div><section>{comments}</section>"
    )
    assert refusal(html)[0] is None


def test_an_article_that_is_a_video_is_one() -> None:
    things = [{"@type": "NewsArticle", "headline": HEADLINE}, {"@type": "VideoObject", "name": HEADLINE}]
    video = f"<title>{HEADLINE}</title>{ld(json.dumps(things))}<h1>{HEADLINE}</h1><div id=player></div>"
    assert refusal(video)[0] is None
    assert refusal(video.replace("VideoObject", "Thing"))[0] == "app_shell"


def test_a_list_whose_template_calls_every_page_an_article_is_refused() -> None:
    def found(properties: str) -> str | None:
        html = (
            "<title>All posts</title><div itemscope itemtype='http://schema.org/Article'>"
            f"<div itemprop='articleBody'><h1>All posts</h1>{CARDS}</div>{properties}</div>"
        )
        return extract(html.encode(), "https://news.example/blog.html").extraction.not_article

    assert found("") == "front_page"
    assert found("<meta itemprop='headline' content='All posts'>") != "front_page"


def test_a_post_with_a_short_title_that_links_to_itself_is_an_article_beside_many_others() -> None:
    def found(title: str) -> str | None:
        post = f"<div class='post'><h2>{title}</h2><p>3 May 2026</p><p>{STORY[:200]}</p></div>"
        html = f"<title>Diary » Number two</title><h1><a href='/'>Diary</a></h1>{post}{CARDS}"
        return extract(html.encode(), "https://news.example/number-two").extraction.not_article

    assert found("<a href='/number-two'>Number two</a>") is None
    assert found("<a href='/number-three'>Number two</a>") == "front_page"
