"""Patterns of sources: always linear, which RE2 guarantees, and refused if RE2 cannot run them."""

import re
from contextlib import nullcontext as _nothing

import pytest
from tests.sources.daily import DAILY

from khobor.sources.checking import load_sources
from khobor.sources.patterns import BadPatternError, compile_pattern, is_in_text, is_in_url
from khobor.sources.registry import Registry


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*a){20}$", "^/(a|a)*$", "(a*)*b", "(?:a?){50}a{50}b", "a*a*a*a*a*b"])
def test_a_pattern_that_python_never_ends_ends(pattern: str) -> None:
    assert not is_in_url(pattern, f"/{'a' * 100_000}!")


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        (r"^/(?!video/)", "does not support this kind of group, such as look-around"),
        (r"(?<=/)\d+", "does not support this kind of group, such as look-around"),
        (r"(\d)\1", "does not support this escape, such as a back-reference"),
        (r"a{1,100000}", "at most 1,000 repetitions"),
        (r"(?:a{100}){100}", "at most 1,000 repetitions"),
        (r"a{,3}", r"write {0,3}"),
        (r"a{,}", r"write {0,}"),
        (f"a{{{'9' * 40}}}", "at most 1,000 repetitions"),
        (r"[^/]{0,1000}.{0,1000}", "steps for a character"),
        (r"a++", "bad repetition operator"),
        ("((", "missing )"),
        ("(" * 900, "missing )"),
        ("[a", "missing ]"),
        ("x" * 1001, "1,001 characters; at most 1,000"),
        ("|".join(f"/{n}/" for n in range(9999)), "at most 1,000"),
        ("\ud800", "half of a surrogate pair"),
    ],
)
def test_what_has_no_linear_way_is_refused_with_the_reason(pattern: str, told: str) -> None:
    with pytest.raises(BadPatternError, match=re.escape(told)):
        compile_pattern(pattern)


@pytest.mark.parametrize("key", ["article_url", "discovery.include", "discovery.exclude"])
def test_a_check_names_file_key_and_reason(key: str) -> None:
    table, _, name = key.rpartition(".")
    value = "'^/(?!video/)'" if name == "article_url" else "['/ok', '^/(?!video/)']"
    line = f"{name} = {value}\n"
    text = DAILY.replace("[rules]", f"{line}[rules]") if not table else f"{DAILY}[{table}]\n{line}"
    registry, (problem,) = load_sources({"bad.toml": text.encode()}, Registry({}))
    assert [*registry] == []
    assert f"{key}: this is not a valid regular expression: invalid perl operator: (?!" in str(problem)


# Patterns as sources have them, with texts that match and texts that do not.
SAME = (
    *(r"/\d+/?$", r"/news/[\w-]{8,12}$", r"^/(?:city|news)/[a-z]+$", r"-\d{6,}/?$", r"/[^/]+/[a-z0-9]{9,12}/?$"),
    *(
        r"\?print=1$",
        r"\.(?:html?|php)$",
        r"/20\d\d/(?:0[1-9]|1[0-2])/",
        r"\bvideo\b",
        r"[\W_]x",
        r"[\s\S]x",
        r"[]x]",
        r"[^]]x",
    ),
    *(
        "(?i)NEWS",
        r"[[:alpha:]]x",
        r"/a{2}/",
        r"\/a\-b\_c",
        r"a|",
        "(?P<id>\\d+)",
        "^",
        r"[\d\-/]+x",
        r"%E0%A6",
        r"[(.)]",
    ),
)
PARTS = (
    "", "/", "/12", "/12/", "/news/abc-defg_h", "/news/abc", "/city/x", "/a-123456", "/s/abcdefghi", "/x?print=1",
    "/a.htm", "/2026/03/1", "/video/1", "/videos", "/_x", "/:x", "/]x", "/aa/", "/a-b_c", "/%E0%A6%95", "/(1).",
    "/NEWS", "l]x", "\nx",
)  # fmt: skip


@pytest.mark.parametrize("pattern", SAME)
def test_a_pattern_means_in_a_url_what_it_means_in_python(pattern: str) -> None:
    with pytest.warns(FutureWarning) if "[[:" in pattern else _nothing():
        expected = [part for part in PARTS if re.search(pattern, part)]
    assert [part for part in PARTS if is_in_url(pattern, part)] == expected


@pytest.mark.parametrize(
    ("pattern", "text", "is_in"),
    [
        (r"^\d+$", "৭১", True),
        (r"^[\d.]+$", "৭.১", True),
        (r"^\D+$", "৭১", False),
        (r"^\w+$", "বাংলা", True),
        (r"^[\w-]+$", "Zürich-Köln", True),
        (r"^\W+$", "বাংলা", False),
        (r"^\S+\s\S+$", "বাংলা\u00a0ভাষা", True),
        (r"^[^\d\s]+$", "বাংলা", True),
        (r"(?:^|\W)By(?:\W|$)", "By: Ann", True),
        ("প্রতিবেদক", "নিজস্ব প্রতিবেদক", True),
        (r"\p{Bengali}", "Dhaka", False),
        ("a", "\ud800a", True),
        (r"\Q\w\E", "\\w", True),
    ],
)
def test_classes_in_texts_know_all_scripts(pattern: str, text: str, is_in: bool) -> None:
    assert is_in_text(pattern, text) is is_in


@pytest.mark.parametrize("pattern", [r"\bBy\b", r"[\W_]", r"[\s\S]"])
def test_what_would_know_ascii_alone_in_a_text_is_refused(pattern: str) -> None:
    with pytest.raises(BadPatternError, match="write "):
        compile_pattern(pattern, is_of_text=True)
