"""Engines from npm: Hexo."""

import json
from collections.abc import Callable

from tests.benchmarks.sites_engine import Engine, Site, front_matter
from tests.benchmarks.sites_posts import Post

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
        has_alias=True,
        is_kept_back=is_kept_back,
    )


NODE_ENGINES = (_hexo_engine("landscape"),)
