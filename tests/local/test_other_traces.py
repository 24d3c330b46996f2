"""``khobor forget`` on a local archive: nothing in the folder names the article any more."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.example_pages import page
from typer.testing import CliRunner, Result

from khobor.cli.main import app
from khobor.embedded.web import serve
from khobor.errors import PermanentError
from khobor.frontier.fetch_queue import FetchRequest
from khobor.local.archive_folder import ArchiveFolder

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[str]:
    pages = {f"/news/{name}": page(title=f"About {name}") for name in ("ann-lee", "ann-lee-again", "others")}
    with serve(pages) as running:
        yield running


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [arguments[0], "--archive", str(folder / "news"), *arguments[1:]])


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.slow
def test_log_failures_and_requests_of_a_forgotten_article_are_erased(tmp_path: Path, site: str) -> None:
    url, other = f"{site}/news/ann-lee", f"{site}/news/ann-lee-again"
    run(tmp_path, "ingest", url, other, f"{site}/news/others", "--allow-loopback")
    with ArchiveFolder.open(tmp_path / "news") as folder:
        for each in (url, other):
            folder.fetch_queue.send([FetchRequest(url=each)], NOW)
            folder.failures.put("fetch", each, json.dumps({"url": each}), PermanentError("http_500", f"{each}: 500"))
    result = run(tmp_path, "forget", url, "--yes")
    assert result.exit_code == 0, result.stderr
    found = everything(tmp_path)
    assert found.replace(other.encode(), b"").count(url.encode()) == 0
    assert b"About ann-lee<" not in found
    with ArchiveFolder.open(tmp_path / "news") as folder:
        assert [queued.request.url for queued in folder.fetch_queue.all()] == [other]
        assert [failure.subject for failure in folder.failures.all()] == [other]
        assert [queued.request.url for queued in folder.fetch_queue.take(NOW, NOW, 5)] == [other]
    traced = run(tmp_path, "trace", other)
    assert "stored" in traced.stdout
    assert run(tmp_path, "trace", url).exit_code == 1


def test_the_last_request_of_a_host_leaves_no_host_to_wait_for(tmp_path: Path, site: str) -> None:
    url = f"{site}/news/ann-lee"
    run(tmp_path, "ingest", url, "--allow-loopback")
    with ArchiveFolder.open(tmp_path / "news") as folder:
        folder.fetch_queue.send([FetchRequest(url=url)], NOW)
    run(tmp_path, "forget", url, "--yes")
    with ArchiveFolder.open(tmp_path / "news") as folder:
        assert folder.fetch_queue.next_at() is None
