"""An article whose address changes stays one article in any order of delivery, and no other articles are merged."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice, permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.archive.test_equivalence import Archived, Tables, announced, new_database, paged
from tests.archive.test_orders import Stopped, interrupted, stop
from tests.articles import MORNING, article

from khobor.archive.headlines import Headline
from khobor.archive.interface import Archive, WriteOutcome
from khobor.archive.sqlite.upkeep import SQLiteUpkeep
from khobor.article import Article, Block, Evidence, Extraction, RawReference
from khobor.embedded.stack import EmbeddedStack
from khobor.errors import RetryableError
from khobor.url import article_id, canonical_url

SITE = "https://example.com/news/"
BRIDGE = " ".join(f"bridge{number}" for number in range(60))
EDITED = " ".join(f"bridge{number}" for number in (*range(25), *range(26, 66)))
FERRY = " ".join(f"ferry{number}" for number in range(60))
NOTICE = " ".join(f"notice{number}" for number in range(60))
DAY = Extraction(version="1", fields={"published_at": Evidence(origin="meta", precision="day")})


def url_of(name: str) -> str:
    return name if "://" in name else SITE + name


def id_of(name: str) -> str:
    return article_id(canonical_url(url_of(name)))


def page(own: str, hours: float, *, by: str | None = None, text: str = BRIDGE, **fields: Any) -> Article:
    """Return what a page says that was requested by one address and gives its own."""
    facts: dict[str, Any] = {
        "article_id": id_of(own),
        "url": url_of(by or own),
        "canonical_url": url_of(own),
        "title": "The bridge opens",
        "body": (Block(kind="paragraph", text=text),),
        "published_at": None,
        "fetched_at": MORNING + timedelta(hours=hours),
        "raw": RawReference(bucket="raw", key=f"pages/{by or own}/{hours}"),
    }
    return article(**facts | fields)


@pytest.fixture(params=["sqlite", pytest.param("dynamodb", marks=pytest.mark.slow)])
def made(request: pytest.FixtureRequest) -> Iterator[Callable[[], Any]]:
    """Return what makes an empty archive."""
    if request.param == "sqlite":
        yield new_database
    else:
        yield Tables(request.getfixturevalue("stack")).emptied


def orders(made: Callable[[], Any], pages: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """Yield orders of pages: some of all, and the first and the last for the archive that takes long."""
    if made is new_database:
        yield from islice(permutations(pages), None, None, 5)
    else:
        yield from (pages, pages[::-1])


def titles(archived: Archived) -> list[Headline]:
    return paged(archived.lists.added, 10)


def answers(archived: Archived, names: Sequence[str]) -> list[object]:
    """Return what an archive answers of addresses, and what it lists."""
    archive = archived.archive
    found: list[object] = [titles(archived), paged(lambda **at: archived.lists.by_source("example", **at), 10)]
    kinds = ("headline", "body", "gone", "back")
    found += [paged(lambda kind=kind, **at: archived.lists.by("change", kind, **at), 10) for kind in kinds]
    found += [paged(lambda word=word, **at: archived.lists.by_words(word, **at), 10) for word in ("bridge", "ferry")]
    for name in names:
        each = archive.find(url_of(name))
        history = archive.history(id_of(name))
        facts = history and (history.article_id, sorted(history.ids), sorted(history.pages), history.revisions)
        found += [archive.get(each) if each else None, facts, archive.gone_at(id_of(name))]
        found += [archived.lists.headline(id_of(name)), archive.revision(id_of(name), 1)]
    return found


def check_one(made: Callable[[], Any], pages: Sequence[Article], names: Sequence[str]) -> None:
    """Make sure that pages give one article in any order, which all its addresses lead to."""
    expected: list[object] = []
    for order in orders(made, pages):
        with made() as archived:
            for each in order:
                archived.archive.put(each)
            assert [each.article_id for each in titles(archived)] == [min(map(id_of, names))]
            found = answers(archived, names)
            expected = expected or found
            assert found == expected
            newest = max(pages, key=lambda each: each.fetched_at)
            for name in names:
                for known_id in (archived.archive.find(url_of(name)), id_of(name)):
                    assert (whole := archived.archive.get(known_id or ""))
                    assert (whole.title, whole.canonical_url) == (newest.title, newest.canonical_url)
                history = archived.archive.history(id_of(name))
                assert history
                assert len(history.pages) == len(pages)
            if made is new_database:
                assert list(SQLiteUpkeep(archived.archive._database).faults()) == []  # noqa: SLF001


def check_several(made: Callable[[], Any], pages: Sequence[Article], names: Sequence[str]) -> None:
    """Make sure that each address keeps an article of its own, in any order."""
    for order in orders(made, pages):
        with made() as archived:
            for each in order:
                archived.archive.put(each)
            assert {each.article_id for each in titles(archived)} == set(map(id_of, names))
            assert [archived.archive.find(url_of(name)) for name in names] == list(map(id_of, names))


@pytest.mark.parametrize(("old", "new"), [("a", "b"), ("b", "a")])
def test_an_article_with_a_new_address_keeps_its_history(made: Callable[[], Any], old: str, new: str) -> None:
    pages = (
        page(old, 1),
        page(old, 2, title="The bridge opens at last"),
        page(new, 4, by=old, title="The bridge opens at last", text=EDITED),
        page(new, 5, title="The bridge is open"),
    )
    check_one(made, pages, ("a", "b"))


def test_it_goes_on_from_address_to_address(made: Callable[[], Any]) -> None:
    pages = (page("c", 1), page("a", 2, by="c"), page("a", 3, text=EDITED), page("b", 4, by="a", text=EDITED))
    check_one(made, pages, ("a", "b", "c"))


def test_it_may_move_back(made: Callable[[], Any]) -> None:
    check_one(made, (page("a", 1), page("b", 2, by="a"), page("b", 3), page("a", 4, by="b", title="Back")), ("a", "b"))


def test_two_addresses_may_lead_to_one(made: Callable[[], Any]) -> None:
    check_one(made, (page("a", 1), page("c", 2), page("b", 3, by="a"), page("b", 4, by="c")), ("a", "b", "c"))


def test_a_rewritten_article_with_its_headline_and_minute_is_the_same(made: Callable[[], Any]) -> None:
    pages = (page("a", 1, published_at=MORNING), page("b", 2, by="a", text=FERRY, published_at=MORNING))
    check_one(made, pages, ("a", "b"))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(page("b", 2, by="a", text=FERRY, title="The ferry sails"), id="another article"),
        pytest.param(page("b", 2, by="a", text=NOTICE, title="This page has moved"), id="a notice"),
        pytest.param(page("b", 2, by="a", text=FERRY), id="only the headline"),
        pytest.param(page("b", 2, by="a", text="", title="The bridge opens"), id="no text"),
        pytest.param(page("b", 2, by="a", text=FERRY, published_at=MORNING, extraction=DAY), id="only the day"),
    ],
)
def test_a_redirect_to_something_else_is_not_a_move(made: Callable[[], Any], other: Article) -> None:
    pages = (page("a", 1, published_at=other.published_at), other, page("b", 3, text=FERRY, title="The ferry sails on"))
    check_several(made, pages, ("a", "b"))


def test_articles_that_are_all_redirected_to_one_page_stay_themselves(made: Callable[[], Any]) -> None:
    moved = {"text": NOTICE, "title": "This page has moved"}
    pages = (
        page("a", 1),
        page("c", 1.5, text=FERRY, title="The ferry sails"),
        page("b", 2, by="a", **moved),
        page("b", 3, by="c", **moved),
    )
    check_several(made, pages, ("a", "b", "c"))


def test_another_site_does_not_take_an_article_over(made: Callable[[], Any]) -> None:
    elsewhere = "https://elsewhere.test/1"
    check_several(made, (page("a", 1), page(elsewhere, 2, by="a"), page(elsewhere, 3)), ("a", elsewhere))


def test_an_address_that_gets_another_article_afterwards_keeps_it_apart(made: Callable[[], Any]) -> None:
    pages = (page("b", 1, by="a"), page("a", 3, text=FERRY, title="The ferry sails"))
    check_several(made, pages, ("a", "b"))


def test_the_site_may_answer_at_any_address_that_it_is_gone(made: Callable[[], Any]) -> None:
    for name in ("a", "b"):
        with made() as archived:
            archive: Archive = archived.archive
            archive.mark_gone(id_of("a"), MORNING + timedelta(hours=1.5), "http_410")
            for each in (page("a", 1), page("b", 2), page("b", 3, by="a")):
                archive.put(each)
            assert archive.gone_at(id_of("a")) is None
            at = MORNING + timedelta(hours=4)
            assert archive.mark_gone(id_of(name), at, "http_410") is WriteOutcome.GONE
            assert [archive.gone_at(id_of(each)) for each in ("a", "b")] == [at, at]
            assert len(paged(lambda at=archived, **part: at.lists.by("change", "gone", **part), 10)) == 2


def test_what_is_forgotten_does_not_come_back_by_any_of_its_addresses(made: Callable[[], Any]) -> None:
    for name in ("a", "b"):
        with made() as archived:
            archive: Archive = archived.archive
            for each in (page("a", 1), page("b", 2), page("b", 3, by="a"), page("b", 4, by="short")):
                archive.put(each)
            at = MORNING + timedelta(hours=9)
            traces = archive.forget(id_of(name), at)
            assert traces
            assert len(traces.raw_keys) == 4
            # Forgetting knows from the pages by which addresses they were fetched.
            archive.erase_urls(id_of(name), {*traces.urls, url_of("a"), url_of("short")})
            archive.erase(id_of(name), traces, at)
            assert {each for each, _ in archive.all_forgotten()} == {id_of("a"), id_of("b")}
            assert [archive.find(url_of(each)) for each in ("a", "b", "short")] == [None] * 3
            for late in (page("a", 5), page("b", 6), page("b", 7, by="a")):
                assert archive.put(late) is WriteOutcome.FORGOTTEN
            assert archive.mark_gone(id_of("b"), at, "http_410") is WriteOutcome.FORGOTTEN
            assert titles(archived) == []
            assert list(archive.articles()) == []


def test_pages_that_are_parsed_again_make_the_same_article(made: Callable[[], Any]) -> None:
    old, new = (page("b", 1), page("b", 2, title="The bridge opens at last")), (page("a", 3, by="b"), page("a", 4))
    with made() as archived:
        for each in (*old, *new):
            archived.archive.put(each)
        expected = answers(archived, ("a", "b"))
    for first, second in ((old, new), (new, old)):
        with made() as archived:
            archived.archive.put_again(first)
            archived.archive.put_again(second)
            assert answers(archived, ("a", "b")) == expected
            archived.archive.put_again((*old, *new))
            assert answers(archived, ("a", "b")) == expected


def test_a_move_is_announced(made: Callable[[], Any]) -> None:
    one, other = sorted(("a", "b"), key=id_of)
    last = page(other, 4, title="The bridge is open")
    with made() as archived:
        for each in (page(one, 1), page(other, 2, by=one), page(other, 3), last):
            archived.archive.put(each)
        stored, moved, revised = announced(archived.changes)
    assert [each.kind for each in (stored, moved, revised)] == ["ArticleStored", "ArticleMoved", "ArticleRevised"]
    assert {each.detail.article_id for each in (stored, moved, revised)} == {id_of(one)}
    assert (moved.detail.former_url, moved.detail.url) == (url_of(one), url_of(other))


def test_a_move_to_another_id_and_what_it_changes_are_announced(made: Callable[[], Any]) -> None:
    one, other = sorted(("a", "b"), key=id_of)
    with made() as archived:
        for each in (page(other, 1), page(one, 2, by=other, title="The bridge is open")):
            archived.archive.put(each)
        _, moved, revised = announced(archived.changes)
    assert (moved.kind, moved.detail.article_id, moved.detail.former_article_id) == (
        "ArticleMoved",
        id_of(one),
        id_of(other),
    )
    assert (revised.kind, revised.detail.changes) == ("ArticleRevised", ("headline",))
    assert (revised.detail.former_url, revised.detail.url) == (url_of(other), url_of(one))


def test_two_articles_that_turn_out_to_be_one_are_announced_as_moved(made: Callable[[], Any]) -> None:
    one, other = sorted(("a", "b"), key=id_of)
    for old, new in ((one, other), (other, one)):
        with made() as archived:
            for each in (page(old, 1), page(new, 2), page(new, 3, by=old)):
                archived.archive.put(each)
            events = announced(archived.changes)
            assert [each.kind for each in events] == ["ArticleStored", "ArticleStored", "ArticleMoved"]
            assert (events[2].detail.article_id, events[2].detail.former_article_id) == (id_of(one), id_of(other))


MANY = (
    page("a", 1),
    page("a", 2, title="The ferry and the bridge"),
    page("b", 3, by="a", text=EDITED),
    page("b", 4),
    page("c", 5, by="b", text=EDITED),
    page("c", 6, title="The bridge is open"),
    page("a", 7, by="c"),
    page("d", 2.5, text=FERRY),
    page("b", 8, by="d", text=EDITED),
)
NAMES = ("a", "b", "c", "d")


def delivered(archived: Archived, one: int) -> bool:
    try:
        archived.archive.put(MANY[one])
    except RetryableError:
        return False
    return True


def disturbed(archived: Archived, one: int, at: int, other: int) -> bool:
    """Deliver a page, and another one before a call to AWS, or stop there; return whether it was delivered."""
    meanwhile = stop if other >= len(MANY) else lambda: delivered(archived, other)
    try:
        with interrupted(at, meanwhile):
            return delivered(archived, one)
    except Stopped:
        return False


def test_both_archives_answer_alike_about_moves(stack: EmbeddedStack) -> None:
    with Tables(stack).emptied() as dynamodb, new_database() as sqlite:
        for each in (MANY[3], MANY[0], MANY[2], MANY[7]):
            assert sqlite.archive.put(each) is dynamodb.archive.put(each)
        assert answers(dynamodb, NAMES) == answers(sqlite, NAMES)
        assert announced(dynamodb.changes) == announced(sqlite.changes)


@pytest.mark.slow
def test_deliveries_that_are_stopped_overtaken_and_repeated_end_the_same(
    stack: EmbeddedStack, examples: Callable[[int], int]
) -> None:
    tables = Tables(stack)
    with new_database() as sqlite:
        for each in MANY:
            sqlite.archive.put(each)
        expected = answers(sqlite, NAMES)

    @seed(7)
    @settings(
        max_examples=examples(40),
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.permutations(range(len(MANY))), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=9))
    def any_order(order: Sequence[int], disturbances: Sequence[tuple[int, int]]) -> None:
        with tables.emptied() as archived:
            calls = (*disturbances, *[(-1, 0)] * len(MANY))
            again = [one for one, each in zip(order, calls, strict=False) if not disturbed(archived, one, *each)]
            # Their messages come again.
            for one in (*again, *again):
                delivered(archived, one)
            assert answers(archived, NAMES) == expected
            kept = {id_of("d"), min(map(id_of, "abc"))}
            name = stack.outputs["ArchiveTableName"]
            left = {item["pk"]["S"]: item for item in stack.dynamodb.scan(TableName=name)["Items"]}
            own = {key.removeprefix("article#") for key, item in left.items() if "content" in item}
            assert own <= kept

    any_order()
