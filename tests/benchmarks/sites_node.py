"""Engines from npm: Hexo with three themes, Eleventy, and Astro with the theme Starlight and its blog."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.sites_engine import Engine, Plain, Site, front_matter
from tests.benchmarks.sites_posts import Post

_ENGINES = Path(__file__).parent / "engines"

_HEXO = """
title: "{site}"
subtitle: "{motto}"
description: "{motto}"
author: "{site}"
language: {language}
timezone: {zone}
url: {url}
permalink: :year/:month/:day/:title/
theme: {theme}
per_page: 10
updated_option: date
feed:
  type: atom
  path: atom.xml
  limit: 20
sitemap:
  path: sitemap.xml
"""
_HEXO_LANGUAGES = {"zh": "zh-CN"}


def node_folder(site: Site) -> None:
    """Let what is installed be in the folder of the site, as ``npm ci`` there would."""
    site.work.mkdir(parents=True, exist_ok=True)
    (site.work / "node_modules").symlink_to(site.place / "node/node_modules")
    package = json.loads((site.place / "node/package.json").read_text("utf-8"))
    # By this entry Hexo knows its folders.
    site.write("package.json", json.dumps(package | {"hexo": {"version": package["dependencies"]["hexo"]}}))


def _hexo(theme: str) -> Callable[[Site], None]:
    """Posts in Markdown and the configuration of ``hexo init``, with feed and sitemap."""

    def build(site: Site) -> None:
        node_folder(site)
        site.write(
            "_config.yml",
            _HEXO.format(
                site=site.words.site,
                motto=site.words.motto,
                language=_HEXO_LANGUAGES.get(site.language, site.language),
                zone=site.words.zone,
                url=site.home[:-1],
                theme=theme,
            ),
        )
        site.write_pictures("source")
        for post in site.posts:
            site.write_post(f"source/_posts/{post.slug}.md", post, _hexo_post(site, post))
        site.run("node", "node_modules/hexo/bin/hexo", "generate")
        site.take("public")

    return build


def _hexo_post(site: Site, post: Post) -> str:
    return front_matter(
        post,
        [
            ("title", post.title),
            ("date", f"{post.published:%Y-%m-%d %H:%M:%S}"),
            ("updated", f"{post.modified:%Y-%m-%d %H:%M:%S}" if post.modified else None),
            ("author", post.author),
            ("categories", [post.section[0]]),
            ("tags", [name for name, _ in post.tags]),
            ("cover", post.image),
            ("alias", site.old_path(post)[1:] + "index.html" if post.old_slug else None),
        ],
    )


def _hexo_engine(theme: str, *, is_kept_back: bool = False) -> Engine:
    return Engine(
        name=f"hexo-{theme}",
        build=_hexo(theme),
        path=lambda post: f"/{post.published:%Y/%m/%d}/{post.slug}/",
        feed="/atom.xml",
        sitemap="/sitemap.xml",
        needs=("node",),
        has_alias=True,
        is_kept_back=is_kept_back,
    )


def _eleventy(site: Site) -> None:
    """Posts in Markdown below the templates of a starter."""
    node_folder(site)
    shutil.copytree(_ENGINES / "eleventy", site.work, dirs_exist_ok=True)
    # Eleventy takes its configuration for a module if the package says so.
    package = json.loads((site.work / "package.json").read_text("utf-8"))
    site.write("package.json", json.dumps(package | {"type": "module"}))
    site.write("site.json", json.dumps(_facts(site)))
    site.write_pictures("public")
    for post in site.posts:
        site.write_post(f"content/blog/{post.slug}.md", post, _eleventy_post(post))
    site.run("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet")
    site.take("_site")


def _facts(site: Site) -> dict[str, object]:
    return {
        "title": site.words.site,
        "description": site.words.motto,
        "url": site.home,
        "language": site.language,
        "direction": "rtl" if site.language == "ar" else "ltr",
        "redirects": dict(site.redirects),
    }


def _eleventy_post(post: Post) -> str:
    return front_matter(
        post,
        [
            ("title", post.title),
            ("description", post.summary),
            ("date", post.published.isoformat()),
            ("tags", [name for name, _ in post.tags]),
        ],
    )


def _starlight(site: Site) -> None:
    """Posts in Markdown for the blog of Starlight."""
    node_folder(site)
    shutil.copytree(_ENGINES / "starlight", site.work, dirs_exist_ok=True)
    site.write("site.json", json.dumps(_facts(site)))
    site.write("src/content/docs/index.md", front("title", site.words.site) + f"\n{site.words.motto}\n")
    site.write_pictures("public")
    for post in site.posts:
        site.write_post(f"src/content/docs/blog/{post.slug}.md", post, _starlight_post(post))
    site.run("node", "node_modules/astro/astro.js", "build", ASTRO_TELEMETRY_DISABLED="1")
    site.take("dist")


def front(key: str, value: str) -> str:
    """Return a front matter of one entry."""
    return f"---\n{key}: {json.dumps(value, ensure_ascii=False)}\n---\n"


def _starlight_post(post: Post) -> str:
    return front_matter(
        post,
        [
            ("title", post.title),
            ("description", post.summary),
            ("date", post.published.isoformat()),
            ("authors", Plain("[{name: " + json.dumps(post.author, ensure_ascii=False) + "}]")),
            ("tags", [name for name, _ in post.tags]),
        ],
    )


NODE_ENGINES = (
    _hexo_engine("landscape"),
    _hexo_engine("next"),
    Engine(
        name="eleventy",
        build=_eleventy,
        path=lambda post: f"/blog/{post.slug}/",
        feed="/feed/feed.xml",
        sitemap="/sitemap.xml",
        section="/blog/",
        needs=("node",),
    ),
    _hexo_engine("butterfly", is_kept_back=True),
    Engine(
        name="starlight-blog",
        build=_starlight,
        path=lambda post: f"/blog/{post.slug}/",
        feed="/blog/rss.xml",
        sitemap="/sitemap-index.xml",
        section="/blog/",
        needs=("node",),
        has_alias=True,
    ),
)
