"""The sign behind a heading by which its address is copied is no text of it."""

import pytest
from lxml import etree

from khobor.html.handles import empty_handles
from khobor.html.tree import parse


def text(html: str) -> str:
    root, _ = parse(html.encode())
    empty_handles(root.iter("a"))
    return "".join(map(str, root.itertext())).strip()


@pytest.mark.parametrize("sign", ["¶", "#", "§", "\uf0c1", "🔗", "\u200b", "<svg></svg>", "<span>¶</span>", "[#]"])
@pytest.mark.parametrize(
    "around",
    [
        '<section id="votes"><h1>Votes{}</h1></section>',
        '<h2 id="votes">{}Votes</h2>',
        "<h2>{}Votes</h2>",
        '<figure id="votes"><figcaption><p><span>Votes</span>{}</p></figcaption></figure>',
        '<p>Votes<span><a class="anchor" id="votes" href="#votes">¶</a></span></p>',
    ],
)
def test_a_sign_that_leads_to_where_it_stands_is_no_text(around: str, sign: str) -> None:
    assert text(around.format(f'<a class="headerlink" href="#votes" title="Link">{sign}</a>')) == "Votes"


def test_the_address_of_a_heading_in_any_script_may_be_encoded() -> None:
    assert text('<h2 id="ভোট">ভোট</h2><p id="ভোট">ভোট<a href="#%E0%A6%AD%E0%A7%8B%E0%A6%9F">#</a></p>') == "ভোটভোট"


@pytest.mark.parametrize(
    "html",
    [
        # The marks of footnotes lead elsewhere, and so do other links.
        '<p id="p1">Votes<a href="#note">*</a></p>',
        '<p id="note">Votes<a href="#back">↩</a></p>',
        '<h2>Votes<a href="/council">*</a></h2>',
        '<h2>Votes<a href="#">*</a></h2>',
        # Words are text.
        '<h2 id="votes"><a href="#votes">Votes 2</a></h2>',
        '<h2 id="votes"><a href="#votes">投票</a></h2>',
    ],
)
def test_what_may_be_text_stays(html: str) -> None:
    root, _ = parse(html.encode())
    assert text(html) == etree.tostring(root, method="text", encoding="unicode").strip()


def test_a_link_without_end_keeps_what_it_contains() -> None:
    rows = "<b>–</b>" * 20
    assert text(f'<h2 id="x"><a href="#x">{rows}</a></h2>') == "–" * 20
