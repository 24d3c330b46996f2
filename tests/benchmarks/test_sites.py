"""The bench of site engines knows what is right, and says what is wrong, here with an engine of twenty lines."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.benchmarks.sites import Report
from tests.benchmarks.sites_build import build, built_before, sites_of
from tests.benchmarks.sites_crawl import crawl, look_at
from tests.benchmarks.sites_engine import Engine, Site, figure
from tests.benchmarks.sites_marks import FIELDS, is_right, is_said, mark, mark_changes, share
from tests.benchmarks.sites_posts import CHANGES, POSTS, Post, posts_of
from tests.benchmarks.sites_server import reader, serving
from tests.benchmarks.sites_words import WORDS

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("language", WORDS)
def test_no_two_posts_are_alike(language: str) -> None:
    before, after = (posts_of(language, START, is_changed=is_changed) for is_changed in (False, True))
    assert len({post.title for post in before}) == len({post.slug for post in before}) == POSTS == 30
    assert len({post.paragraphs for post in before}) == POSTS
    assert len(after) == POSTS - list(CHANGES.values()).count("deleted") + 1
    changed = {post.number for post in after} ^ {post.number for post in before}
    changed |= {new.number for new in after for old in before if new.number == old.number and new != old}
    assert changed == set(CHANGES)


def _page(post: Post) -> str:
    tags = "".join(f'<a rel="tag" href="/tag/{slug}/">{name}</a>' for name, slug in post.tags)
    text = "".join(f"<p>{each}</p>" for each in post.paragraphs)
    return f"""<!DOCTYPE html><html lang="{post.language}"><head><title>{post.title}</title></head><body><article>
<h1>{post.title}</h1><p class="byline"><span class="author">{post.author}</span>
<time datetime="{post.published.isoformat()}">{post.published:%d.%m.%Y, %H:%M}</time></p>
{figure(post)}{text}<p class="tags">{tags}</p></article></body></html>"""


def _build(site: Site) -> None:
    site.output.mkdir(parents=True)
    items = "".join(
        f"<item><link>{site.url(post)}</link><pubDate>{post.published:%a, %d %b %Y %H:%M:%S %z}</pubDate></item>"
        for post in site.posts
    )
    (site.output / "feed.xml").write_text(f"<rss><channel>{items}</channel></rss>", "utf-8")
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    (site.output / "index.html").write_text(f"<html><head>{link}</head><body>Start</body></html>", "utf-8")
    for post in site.posts:
        (site.output / f"{post.slug}.html").write_text(_page(post), "utf-8")


ENGINE = Engine(name="plain", build=_build, path=lambda post: f"/{post.slug}.html", feed="/feed.xml", sitemap=None)


@pytest.fixture
def looks(tmp_path: Path) -> list[list[Site]]:
    both = [sites_of([ENGINE], ["en"], tmp_path / "sites", START, look) for look in (0, 1)]
    for sites in both:
        failures: dict[str, str] = {}
        assert (list(build(sites, failures)), failures) == (sites, {})
    return both


def _fail(site: Site) -> None:
    site.run(sys.executable, "-c", f"raise SystemExit({site.language!r} == 'bn' and 'no such locale')")
    _build(site)


def test_an_engine_that_fails_is_left_out_with_its_reason_and_the_others_are_built(tmp_path: Path) -> None:
    broken = replace(ENGINE, name="broken", build=_fail)
    lost = replace(ENGINE, name="lost", path=lambda post: f"/{post.slug}/")
    failures: dict[str, str] = {}
    both = [sites_of([broken, lost, ENGINE], ["bn", "en"], tmp_path, START, look) for look in (0, 1)]
    built = [f"{site.name} {site.look}" for site in build((site for sites in both for site in sites), failures)]
    assert built == [f"{name} {look}" for look in (0, 1) for name in ("broken-en", "plain-bn", "plain-en")]
    assert list(failures) == ["broken-bn", "lost-bn", "lost-en"]
    text = Report([ENGINE], failures).not_built()
    assert "broken-bn is not built and left out" in text
    assert "no such locale" in text
    assert Report([ENGINE]).not_built() == ""


def test_a_site_that_no_earlier_run_built_is_left_out_with_its_reason(looks: list[list[Site]]) -> None:
    failures: dict[str, str] = {}
    others = sites_of([ENGINE], ["bn"], looks[0][0].place, START, 0)
    assert list(built_before([*looks[0], *others], failures)) == looks[0]
    assert list(failures) == ["plain-bn"]
    assert "no earlier run" in failures["plain-bn"]


@pytest.mark.slow
def test_a_plain_site_is_stored_and_its_changes_are_kept(tmp_path: Path, looks: list[list[Site]]) -> None:
    (before,), (after,) = looks
    authority = tmp_path / "authority.pem"
    with serving({}, authority) as server, crawl(tmp_path / "archive", [before], "default", authority) as crawled:
        look_at(crawled, server, [before], START)
        marks = mark(before, crawled.folder.archive.articles(), reader(before, {}))
        assert (marks.found, marks.others) == (POSTS, 0), marks.mistakes
        assert {name: marks.right[name] for name in FIELDS} == {name: marks.said[name] for name in FIELDS}
        assert marks.said["minute"] == POSTS
        look_at(crawled, server, [after], START)
        kept = mark_changes(after, crawled.folder, {post.slug: before.url(post) for post in before.posts})
        assert kept == dict.fromkeys(((number, change) for number, change in CHANGES.items()))


def test_a_wrong_field_is_not_right_and_a_missing_section_is_no_mistake() -> None:
    post = posts_of("en", START, is_changed=False)[0]
    assert is_right("title", post.title, post)
    assert not is_right("title", post.words.site, post)
    assert is_right("section", None, post)
    assert not is_right("section", "2026-02-28", post)
    assert not is_right("text", post.paragraphs[0], post)
    assert (share(1, 3), share(0, 0)) == ("33 %", "–")


def test_a_tag_is_said_where_it_stands_by_itself() -> None:
    post = posts_of("en", START, is_changed=False)[0]
    one, other = (name for name, _ in post.tags)
    assert is_said("tags", post, f"<a>{one}</a> <a> # {other} </a>")
    assert is_said("tags", post, f'<meta name="keywords" content="{one}, {other}">')
    assert not is_said("tags", post, f"<p>The {one} and the {other}.</p><a href='/{one}-{other}-3/'>Bridge</a>")
