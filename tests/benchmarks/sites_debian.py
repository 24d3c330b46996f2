"""Engines from Debian's packages: Jekyll."""

from tests.benchmarks.sites_engine import Engine, Site, front_matter
from tests.benchmarks.sites_posts import Post

_JEKYLL = """
title: "{site}"
description: "{motto}"
url: "{url}"
lang: "{language}"
timezone: "{zone}"
theme: minima
plugins: [jekyll-feed, jekyll-redirect-from, jekyll-seo-tag, jekyll-sitemap]
"""


def _jekyll(site: Site) -> None:
    """Posts in Markdown and the configuration of ``jekyll new``, with the usual plugins and the theme Minima."""
    site.write(
        "_config.yml",
        _JEKYLL.format(
            site=site.words.site,
            motto=site.words.motto,
            url=site.home[:-1],
            language=site.language,
            zone=site.words.zone,
        ),
    )
    site.write("index.markdown", "---\nlayout: home\n---\n")
    site.write_pictures("")
    for post in site.posts:
        site.write_post(f"_posts/{post.published:%Y-%m-%d}-{post.slug}.md", post, _jekyll_post(site, post))
    site.run("jekyll", "build", "--quiet", LANG="C.UTF-8")
    site.take("_site")


def _jekyll_post(site: Site, post: Post) -> str:
    return front_matter(
        post,
        [
            ("layout", "post"),
            ("title", post.title),
            ("date", f"{post.published:%Y-%m-%d %H:%M:%S %z}"),
            ("last_modified_at", f"{post.modified:%Y-%m-%d %H:%M:%S %z}" if post.modified else None),
            ("author", post.author),
            ("categories", [post.section[0]]),
            ("tags", [name for name, _ in post.tags]),
            ("image", post.image),
            ("redirect_from", [site.old_path(post)] if post.old_slug else None),
        ],
    )


DEBIAN_ENGINES = (
    Engine(
        name="jekyll-minima",
        build=_jekyll,
        path=lambda post: f"/{post.section[0].lower()}/{post.published:%Y/%m/%d}/{post.slug}.html",
        feed="/feed.xml",
        sitemap="/sitemap.xml",
        needs=("jekyll",),
        has_alias=True,
    ),
)
