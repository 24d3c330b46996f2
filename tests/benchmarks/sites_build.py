"""Builds the sites of ``make sites``, and says which engines are missing what."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from tests.benchmarks.sites_debian import DEBIAN_ENGINES
from tests.benchmarks.sites_engine import Engine, Site
from tests.benchmarks.sites_node import NODE_ENGINES
from tests.benchmarks.sites_posts import posts_of
from tests.benchmarks.sites_python import PYTHON_ENGINES
from tests.benchmarks.sites_wordpress import WORDPRESS_ENGINES

ENGINES: tuple[Engine, ...] = (*PYTHON_ENGINES, *NODE_ENGINES, *DEBIAN_ENGINES, *WORDPRESS_ENGINES)
LOOKS = (0, 1)


def missing(engine: Engine, place: Path) -> list[str]:
    """Return what an engine needs and this machine does not have.

    Args:
        engine: The engine.
        place: The folder of the bench.
    """
    path = os.environ["PATH"] + os.pathsep + "/usr/sbin"
    programs = [program for program in engine.needs if not shutil.which(program, path=path)]
    return programs + ["wordpress"] * (engine.php and not (place / "wordpress").exists())


def sites_of(
    engines: Iterable[Engine], languages: Iterable[str], place: Path, start: datetime, look: int
) -> list[Site]:
    """Return the sites of engines as they are at a look.

    Args:
        engines: The engines.
        languages: The languages; each engine has a site in each.
        place: The folder of the bench.
        start: The time of the first look.
        look: 0 or 1.
    """
    posts = {language: posts_of(language, start, is_changed=look > 0) for language in languages}
    return [
        Site(engine=engine, language=language, posts=posts[language], place=place, look=look)
        for engine in engines
        for language in posts
    ]


def build(sites: Iterable[Site], failures: dict[str, str]) -> Iterator[Site]:
    """Build sites anew, and yield each that is built.

    Args:
        sites: The sites.
        failures: Gets the reason, by the name of the site, if its engine failed or a post is not where it should be.
            A site that failed at one look is not built for another.
    """
    for site in sites:
        if site.name in failures:
            continue
        try:
            _build(site)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            failures[site.name] = str(error)
        else:
            yield site


def built_before(sites: Iterable[Site], failures: dict[str, str]) -> Iterator[Site]:
    """Yield the sites that an earlier run built; ``failures`` gets the names of the others."""
    for site in sites:
        if (site.work if site.engine.php else site.output).is_dir():
            yield site
        else:
            failures[site.name] = f"no earlier run built it in {site.place}"


def _build(site: Site) -> None:
    for folder in (site.work, site.output):
        shutil.rmtree(folder, ignore_errors=True)
    site.work.mkdir(parents=True)
    site.engine.build(site)
    if not site.engine.php:
        _check(site)


def _check(site: Site) -> None:
    for post in site.posts:
        path = site.engine.path(post)
        if not (site.output / f"{path[1:]}{'index.html' if path.endswith('/') else ''}").is_file():
            raise RuntimeError(f"{site.name} has no {path} in {site.output}")
    for listing in (site.engine.feed, site.engine.sitemap):
        if listing and not (site.output / listing[1:]).is_file():
            raise RuntimeError(f"{site.name} has no {listing} in {site.output}")
