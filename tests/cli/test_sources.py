import json
from pathlib import Path

import pytest
from tests.example_pages import page
from tests.sources.daily import BASE, DAILY
from typer.testing import CliRunner, Result

from khobor.cli.main import app
from khobor.sources.registry import BUNDLED_FOLDER

RUNNER = CliRunner()


def run(*arguments: str) -> Result:
    return RUNNER.invoke(app, ["sources", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "daily.toml").write_text(DAILY)
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / "system.toml").write_text(BASE)
    return tmp_path


def test_sources_are_listed_with_what_is_known_of_them() -> None:
    lines = run("--no-json").stdout.splitlines()
    (start,) = (number for number, line in enumerate(lines) if line.startswith("kalbela "))
    said = " ".join(" ".join(lines[start : start + 3]).split())
    assert "কালবেলা · kalbela.com · bn · enabled · version 1.1 · bundled" in said
    assert "rules (on dhaka-daily): title, authors, dates, edition, image," in said


def test_every_bundled_source_is_listed() -> None:
    listed = [json.loads(line) for line in run().stdout.splitlines()]
    assert {each["name"] for each in listed} == {path.stem for path in BUNDLED_FOLDER.glob("*.toml")}
    assert [each["name"] for each in listed if each["is_enabled"]] == ["kalbela"]


def test_a_folder_comes_over_the_bundled_sources(folder: Path) -> None:
    said = "".join(run("--no-json", "--sources", str(folder)).stdout.split())
    assert f"TheDailyTest·daily.example·notenabled·version2·{folder / 'daily.toml'}rules:title,body" in said
    assert "kalbela.com" in said


def test_a_folder_without_sources_is_told(tmp_path: Path) -> None:
    result = run("--sources", str(tmp_path))
    assert result.exit_code == 1
    assert f"{tmp_path}: the folder holds no sources" in result.stderr


def test_two_sources_of_one_host_stop_that_host_alone_and_it_is_said(folder: Path) -> None:
    (folder / "other.toml").write_text(DAILY.replace('"daily.', '"other.example", "daily.'))
    said = f"{folder / 'other.toml'}:4: hosts: daily.example is a host of daily.toml too; leave it to one of them"
    result = run("--json", "--sources", str(folder))
    hosts = {each["name"]: each["hosts"] for each in map(json.loads, result.stdout.splitlines())}
    assert (result.exit_code, hosts["daily"], hosts["other"]) == (0, ["daily.example"], ["other.example"])
    assert result.stderr == f"{said}; the host is left to the other file\n"
    (folder / "page.html").write_bytes(page())
    parse = ["parse", str(folder / "page.html"), "--sources", str(folder), "--url", "https://other.example/1", "--json"]
    parsed = RUNNER.invoke(app, parse)
    assert (parsed.exit_code, json.loads(parsed.stdout)["source"]) == (0, "other")
    assert said in parsed.stderr
    check = run("check", str(folder))
    assert (check.exit_code, said in check.output) == (1, True)


def test_of_good_files_it_is_said_that_they_are(folder: Path) -> None:
    for path in (folder / "daily.toml", folder / "bases" / "system.toml", folder):
        result = run("check", str(path))
        assert (result.exit_code, result.output) == (0, f"{path}: no mistakes\n")


def test_a_bad_file_is_told_with_its_path_and_line(folder: Path) -> None:
    bad = folder / "bad.toml"
    bad.write_text(DAILY.replace("daily.example", "bad.example") + 'titel = ["h2"]')
    assert run("check", str(folder / "daily.toml")).exit_code == 0
    for checked in (bad, folder):
        result = run("check", str(checked))
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr == f"{bad}:9: rules.titel: there is no such key; did you mean title?\n"


def test_a_bad_base_is_told_with_its_path(folder: Path) -> None:
    path = folder / "bases" / "system.toml"
    path.write_text(BASE.replace("Vienna", "Nowhere"))
    assert run("check", str(path)).stderr.startswith(f"{path}:4: zone: there is no time zone 'Europe/Nowhere'")


@pytest.mark.parametrize(
    ("name", "said"),
    [("missing.toml", "no such file or folder"), ("notes.txt", "a source's file ends in .toml")],
)
def test_what_is_no_file_of_a_source_is_told(folder: Path, name: str, said: str) -> None:
    (folder / "notes.txt").write_text("notes")
    result = run("check", str(folder / name))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{folder / name}: {said}")


def test_parse_reads_a_page_by_the_sources_of_a_folder(folder: Path) -> None:
    (folder / "daily.toml").write_text(DAILY.replace("h1.headline", "p.headline"))
    saved = folder / "saved.html"
    saved.write_bytes(page(article='<p class="headline">The bridge is back</p>'))
    url = "https://daily.example/city/1"
    result = RUNNER.invoke(app, ["parse", str(saved), "--url", url, "--sources", str(folder), "--text"])
    assert result.stdout.startswith("The bridge is back\n")


def test_parse_says_what_is_wrong_with_the_sources_of_a_folder(folder: Path) -> None:
    (folder / "daily.toml").write_text("version = ")
    result = RUNNER.invoke(app, ["parse", "page.html", "--sources", str(folder)])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{folder / 'daily.toml'}:1: this is not TOML")


def test_sources_of_the_archive_replace_bundled_ones_and_are_completed(archive: Path) -> None:
    (archive / "sources").mkdir(parents=True)
    (archive / "sources" / "daily.toml").write_text(DAILY.replace('base = "system"\n', ""))
    (archive / "sources" / "broken.toml").write_text("version = ")
    kept = BUNDLED_FOLDER / "kalbela.toml"
    (archive / "sources" / "kalbela.toml").write_text(kept.read_text().replace("enabled = true", "enabled = false"))
    result = run()
    listed = {each["name"]: each for each in map(json.loads, result.stdout.splitlines())}
    assert listed["kalbela"]["file"] == str(archive / "sources" / "kalbela.toml")
    assert not listed["kalbela"]["is_enabled"]
    assert "file" not in listed["prothom-alo"]
    assert f"{archive / 'sources' / 'broken.toml'}:1" in result.stderr
    for command in ("crawl", "discover", "health --source"):
        line = {"COMP_WORDS": f"khobor {command} dai", "COMP_CWORD": str(len(command.split()) + 1)}
        completed = RUNNER.invoke(app, prog_name="khobor", env={"_KHOBOR_COMPLETE": "complete_bash", **line})
        assert completed.stdout.split() == ["daily"], command
