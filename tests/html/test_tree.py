"""The tree of a page, and pages that get an empty tree."""

import pytest

from khobor.html.tree import MOST_ATTRIBUTES, has_many_attributes, parse

MANY = " ".join(f'data-a{number}="{number}"' for number in range(MOST_ATTRIBUTES + 1)).encode()
FEW = MANY.rpartition(b" ")[0]
WORDS = b"a " * 1000


@pytest.mark.parametrize(
    "html",
    [
        b"<p %b>x</p>" % MANY,
        b"<p/%b/>x</p>" % MANY.replace(b" ", b"/"),
        b"<P\n%b" % MANY.replace(b'"', b"'"),
        b"<p %b>" % b" ".join(b"a%d" % number for number in range(1000)),
        b"<p %b>" % b" ".join(b'a%d=">"' % number for number in range(1000)),
        b"<p %b>" % b" ".join(b"a%d = '<b>'" % number for number in range(1000)),
        b"<script>if (a<b) x()</script><!-- <p> --><p %b>" % MANY,
        b"<p %b>" % MANY.replace(b'"', b""),
    ],
)
def test_of_a_page_with_more_attributes_on_a_tag_than_any_no_tree_is_made(html: bytes) -> None:
    assert has_many_attributes(html)
    root, lack = parse(html)
    assert (len(root), lack) == (0, "too_many_attributes")


@pytest.mark.parametrize(
    "html",
    [
        b"<p %b>x</p>" % FEW,
        b"<script>for (i = 0; i <n; i++) { %b }</script><p>x</p>" % WORDS,
        b"<style>a <b %b</style><p>x</p>" % WORDS,
        b"<!-- <p %b --><p>x</p>" % MANY,
        b"<title>1 <a %b</title><p>x</p>" % WORDS,
        b"<p>1 < 2 %b</p>" % WORDS,
        b'<p data-json="%b">x</p>' % WORDS,
        b"<script>i <n %b" % WORDS,
    ],
)
def test_what_only_looks_like_many_attributes_is_read(html: bytes) -> None:
    assert not has_many_attributes(html)
    assert parse(html)[1] is None
