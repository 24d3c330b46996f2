"""Engines from PyPI: Pelican."""

from tests.benchmarks.sites_engine import Engine, Site
from tests.benchmarks.sites_posts import Post

_PELICAN = """
AUTHOR = {site!r}
SITENAME = {site!r}
SITEURL = {url!r}
PATH = "content"
STATIC_PATHS = ["images"]
TIMEZONE = {zone!r}
DEFAULT_LANG = {language!r}
FEED_ALL_ATOM = "feeds/all.atom.xml"
CATEGORY_FEED_ATOM = "feeds/{{slug}}.atom.xml"
DEFAULT_PAGINATION = 10
SITEMAP = {{"format": "xml"}}
DELETE_OUTPUT_DIRECTORY = True
"""


def _pelican(site: Site) -> None:
    """Posts in reStructuredText and the settings of ``pelican-quickstart``, with the theme that is the default."""
    site.write(
        "settings.py",
        _PELICAN.format(site=site.words.site, url=site.home[:-1], zone=site.words.zone, language=site.language),
    )
    site.write_pictures("content")
    for post in site.posts:
        site.write_post(f"content/{post.slug}.rst", post, _restructured(post))
    program = str(site.place / "venv/bin/pelican")
    site.run(program, "content", "--settings", "settings.py", "--output", str(site.output))


def _restructured(post: Post) -> str:
    facts = {
        "date": f"{post.published:%Y-%m-%d %H:%M}",
        "modified": f"{post.modified:%Y-%m-%d %H:%M}" if post.modified else None,
        "slug": post.slug,
        "authors": post.author,
        "category": post.section[0],
        "tags": ", ".join(name for name, _ in post.tags),
        "summary": post.summary,
    }
    head = [f":{key}: {value}" for key, value in facts.items() if value]
    picture = [
        f".. figure:: {{static}}{post.image}",
        f"   :alt: {post.words.alternative}",
        "",
        f"   {post.caption_line}",
    ]
    body = "\n\n".join(post.paragraphs)
    return "\n".join([post.title, "#" * 2 * len(post.title), "", *head, "", *picture, "", body, ""])


PYTHON_ENGINES = (
    Engine(
        name="pelican",
        build=_pelican,
        path=lambda post: f"/{post.slug}.html",
        feed="/feeds/all.atom.xml",
        sitemap="/sitemap.xml",
    ),
)
