"""An archive moves from a folder to the deployed stack and back; every question has the same answer everywhere.

These tests come first, while the stack has no article, and build on each other.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_archive import SECRET, answers, done, keys, put_pages, run
from tests.e2e.conftest import Deployed
from tests.transfer.test_copied_pages import URL, page

from khobor.cli.local_stack import only
from khobor.embedded.account import STACK_NAME
from khobor.keys import PAGES, UPLOADS
from khobor.local.archive_folder import ArchiveFolder
from khobor.pages.folder import FolderPages
from khobor.url import article_id

STACK = ("--stack", STACK_NAME)
NEWER = f"{URL}/newer"


@pytest.fixture(autouse=True)
def at_the_emulator(deployed: Deployed) -> Iterator[None]:
    with only(deployed.emulator.environment):
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local archive with revisions, an upload, an article that is gone, and one that was forgotten."""
    path = tmp_path_factory.mktemp("kept") / "archive"
    put_pages(path)
    done("rebuild", "--archive", str(path))
    done("forget", SECRET, "--yes", "--archive", str(path))
    with ArchiveFolder.open(path) as opened:
        opened.archive.mark_gone(article_id(f"{URL}/2"), page("", 9).fetched_at, "http_410")
    return path


def upload(folder: Path, deployed: Deployed) -> None:
    """Copy pages to the bucket as ``aws s3 sync`` does: without metadata. What they cause, they cause."""
    for key in keys(folder):
        deployed.upload(key, (folder / key).read_bytes())


def download(deployed: Deployed, folder: Path) -> None:
    bucket = deployed.outputs["RawBucketName"]
    for place in (PAGES, UPLOADS):
        for found in deployed.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=place):
            for each in found.get("Contents", ()):
                path = folder / each["Key"]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(deployed.s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())


def test_a_folder_moves_to_the_stack(deployed: Deployed, folder: Path, tmp_path: Path) -> None:
    expected = answers("--archive", str(folder))
    assert all(json.loads(each)[0] == 0 for each in expected)
    dumped = tmp_path / "khobor.jsonl.gz"
    done("archive", "dump", "--archive", str(folder), "--out", str(dumped))
    done("archive", "load", str(dumped), *STACK)
    upload(folder, deployed)
    # The functions read the pages that arrive; a rebuild reads what they have left, and finds the rest the same.
    report = json.loads(done("rebuild", *STACK, "--json"))
    assert report["pages"] == len(list(keys(folder)))
    assert deployed.emulator.wait_for(lambda: answers(*STACK) == expected)
    again = json.loads(done("rebuild", *STACK, "--json"))
    assert again["outcomes"] == {"same": 3, "covered": 1}
    assert run("get", SECRET, *STACK).exit_code == 1


def test_the_stack_moves_to_a_folder_and_to_the_stack_again(deployed: Deployed, tmp_path: Path) -> None:
    given = FolderPages(tmp_path / "given")
    key = given.put_page(page("Newer. ", 6, NEWER))
    deployed.upload(key, (given.folder / key).read_bytes())
    deployed.article("সেতু 6")
    expected = answers(*STACK)
    assert all(json.loads(each)[0] == 0 for each in expected)
    dumped, second = tmp_path / "back.jsonl", tmp_path / "second"
    done("archive", "dump", *STACK, "--out", str(dumped))
    download(deployed, second)
    done("archive", "load", str(dumped), "--archive", str(second))
    done("rebuild", "--archive", str(second))
    assert answers("--archive", str(second)) == expected
    assert run("get", SECRET, "--archive", str(second)).exit_code == 1
    assert done("archive", "check", "--archive", str(second), "--no-json") == "all is in order\n"
    # What comes back from the folder changes nothing.
    back = tmp_path / "again.jsonl"
    done("archive", "dump", "--archive", str(second), "--out", str(back))
    loaded = json.loads(done("archive", "load", str(back), *STACK, "--json"))
    assert (loaded["problems"], loaded["is_complete"]) == (0, True)
    assert json.loads(done("rebuild", *STACK, "--json"))["outcomes"] == {"same": 4, "covered": 1}
    assert answers(*STACK) == expected
