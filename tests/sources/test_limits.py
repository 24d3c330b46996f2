"""A source's file that is too large, or slow to read, is refused by itself and by name."""

import os
from pathlib import Path

import pytest
from tests.sources.daily import DAILY

from khobor.sources.checking import load_sources
from khobor.sources.problems import SourceError
from khobor.sources.registry import MAX_BYTES, Registry, read_folder

NOTHING = Registry({})
OTHER = DAILY.replace("daily.example", "other.example")


def refused(text: str | bytes) -> list[str]:
    """Return the problems of a file, and check that another file beside it stays usable."""
    content = text.encode() if isinstance(text, str) else text
    registry, problems = load_sources({"bad.toml": content, "other.toml": OTHER.encode()}, NOTHING)
    assert [source.name for source in registry] == ["other"]
    return [str(problem) for problem in problems]


DOTS = ".a" * 20_000
QUOTED = '."a"' * 15_000


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(f"a{DOTS} = 1\n{DAILY}", 1, id="a key"),
        pytest.param(f"version = 1\n'a'{QUOTED} = 1", 2, id="a quoted key"),
        pytest.param(f"a{DOTS[:20_000].replace('.', ' . ')} = 1", 1, id="white space between"),
        pytest.param(f"[a{DOTS}]", 1, id="a table"),
        pytest.param(f"\n[[a{DOTS}]]", 2, id="an array of tables"),
        pytest.param(f"x = {{a{DOTS} = 1}}", 1, id="an inline table"),
        pytest.param(f'x = """\n# """\na{DOTS} = 1', 3, id="behind a text of two lines"),
        pytest.param(f'x = {{a = """\'""""", b{DOTS} = 1, c = "\'"}}', 1, id="between quotes beside quotes"),
        pytest.param(f"x = '#' \na{DOTS} = 1", 2, id="behind a sign of a comment in quotes"),
    ],
)
def test_a_key_of_many_parts_is_refused_before_it_is_parsed(text: str, line: int) -> None:
    assert refused(text) == [f"bad.toml:{line}: a key has more than 8 parts here; no source needs so many"]


@pytest.mark.parametrize(
    "text", [f"a = {'[' * 5000}", f"a = {'[' * 50}{']' * 50}", f"a = {'{a=' * 5000}", f"a = [{'{a=[' * 9}"]
)
def test_brackets_nested_deeply_are_refused_before_they_are_parsed(text: str) -> None:
    assert refused(text) == ["bad.toml:1: brackets are nested more than 8 deep here; no source needs so many"]


def test_dots_and_brackets_within_texts_and_comments_do_not_count() -> None:
    dots = "a.b.c.d.e.f.g.h.i.j.k"
    text = f"""# {dots} [[[[[[[[[[[[
{DAILY}drop = ['{dots}', "#{dots}", '(//p)[1]']
boilerplate = ['''
{dots} [[[[[[[[[[[[''', \"\"\"{dots} \\\"\"\" [[[[[[[[[[[[\"\"\"]
[fetching]
revisits = [{{until_hours = 1, every_minutes = 5}}, {{until_hours = 2, every_minutes = 5}}]"""
    assert load_sources({"daily.toml": text.encode()}, NOTHING)[1] == []


HEAD = 'version = 1\npublisher = "Daily"\n'
HOSTS = 'hosts = ["daily.example"]\n'
MANY = [
    ("hosts", f"{HEAD}hosts = {[f'{number}.example' for number in range(201)]}", "at most 200 entries"),
    ("hosts", f'{HEAD}hosts = ["{"a." * 30_000}example"]', "at most 500 characters"),
    ("publisher", f'{HOSTS}version = 1\npublisher = "{"x" * 201}"', "at most 200 characters"),
    ("rules.drop", f"{HEAD}{HOSTS}[rules]\ndrop = {[f'p{number}' for number in range(31)]}", "at most 30 entries"),
    ("rules.boilerplate", f"{HEAD}{HOSTS}[rules]\nboilerplate = {['x'] * 3000}", "at most 30 entries"),
    ("rules.boilerplate", f'{HEAD}{HOSTS}[rules]\nboilerplate = ["{"x" * 60_000}"]', "at most 500 characters"),
    ("rules.title", f'{HEAD}{HOSTS}[rules]\ntitle = ["{"p" * 501}"]', "at most 500 characters"),
    ("discovery.include", f"{HEAD}{HOSTS}[discovery]\ninclude = {['/x'] * 5000}", "at most 100 entries"),
    ("discovery.exclude", f"{HEAD}{HOSTS}[discovery]\nexclude = ['{'x' * 1001}']", "at most 1,000 characters"),
    ("article_url", f"{HEAD}{HOSTS}article_url = '{'|x' * 5000}'", "at most 1,000 characters"),
    ("discovery.feeds", f"{HEAD}{HOSTS}[discovery]\nfeeds = {['http://a.b'] * 3000}", "at most 500 entries"),
    ("discovery.feeds", f"{HEAD}{HOSTS}[discovery]\nfeeds = ['http://a/{'x' * 60_000}']", "at most 2,000 characters"),
    ("fetching.ports", f"{HEAD}{HOSTS}[fetching]\nports = {[8080] * 30}", "at most 20 entries"),
]


@pytest.mark.parametrize(("key", "text", "most"), MANY)
def test_what_is_too_long_or_too_many_is_refused_with_the_limit(key: str, text: str, most: str) -> None:
    (problem,) = refused(text)
    assert problem.startswith("bad.toml:")
    assert f"{key}: {most} are allowed here, not " in problem
    assert len(problem) < 1000


@pytest.mark.parametrize(
    "line",
    [
        "[discovery]\nmax_age_days = 999999999999",
        "[discovery]\nmax_urls = 1000000",
        "[discovery]\ninterval_minutes = 99999999999999999999",
        "[fetching]\nrevisits = [{until_hours = 99999999999, every_minutes = 5}]",
        "[fetching]\nrevisits = [{until_hours = 9, every_minutes = 99999999999}]",
        f"[fetching]\nports = [{'9' * 5000}]",
    ],
)
def test_a_number_that_no_calendar_reaches_is_refused(line: str) -> None:
    (problem,) = refused(f"{DAILY}{line}")
    assert problem.startswith("bad.toml:10: ")


def test_a_url_with_white_space_at_its_end_is_refused_however_long_it_is() -> None:
    (problem,) = refused(f'{DAILY}[discovery]\nfeeds = ["http://{"a" * 60_000} b"]')
    assert problem.startswith("bad.toml:10: discovery.feeds: ")


def test_a_selector_with_a_character_that_no_page_has_is_refused() -> None:
    found = refused(DAILY + r"""drop = ["//p[. = '\u0001']"]""")
    assert found == ["""bad.toml:9: rules.drop: "//p[. = '\\x01']" contains a character that XML does not allow"""]


def test_of_many_mistakes_a_hundred_are_listed() -> None:
    rules = "".join(
        f"{key} = {[f'{key}{number}[' for number in range(30)]}\n" for key in ("tags", "drop", "image", "dates")
    )
    assert len(refused(DAILY + rules)) == 100


def test_a_file_with_very_many_selectors_is_refused() -> None:
    texts = [
        f"[[versions]]\nversion = {n}\nsince = {1900 + n}-01-01\n[versions.rules]\ndrop = {['p'] * 25}\n"
        for n in range(3, 23)
    ]
    assert load_sources({"daily.toml": (DAILY + "".join(texts[1:])).encode()}, NOTHING)[1] == []
    (problem,) = refused(DAILY + "".join(texts))
    assert problem == "bad.toml:6: rules: the rules have 503 selectors; at most 500 are allowed in a file"


def test_a_file_of_any_size_is_refused_by_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"#" * 1_000_000)
    (tmp_path / "other.toml").write_text(OTHER)
    files = read_folder(tmp_path)
    assert len(files["bad.toml"]) == MAX_BYTES + 1
    (problem,) = refused(files["bad.toml"])
    assert problem.startswith("bad.toml:1: this has over 65,536 bytes")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "base"])
def test_what_is_no_regular_file_is_refused_and_not_read(kind: str, tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    odd = tmp_path / ("bases/odd.toml" if kind == "base" else "odd.toml")
    if kind in {"pipe", "base"}:
        os.mkfifo(odd)
    elif kind == "device":
        odd.symlink_to("/dev/zero")
    else:
        odd.mkdir()
    (tmp_path / "daily.toml").write_text(DAILY)
    with pytest.raises(SourceError, match=r"odd\.toml:1: this is not a regular file"):
        read_folder(tmp_path)
