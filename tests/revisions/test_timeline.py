"""The revisions of an article, derived from its fetches."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from khobor.revisions.content_digests import ContentDigests
from khobor.revisions.timeline import FetchRecord, changes, timeline

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def seen(headline: str = "a", body: str = "a", modified: int | None = None, notices: int = 0) -> ContentDigests:
    modified_at = None if modified is None else NOON + timedelta(minutes=modified)
    return ContentDigests(
        headline=headline * 7,
        byline="a" * 7,
        description="a" * 7,
        body=body * 7,
        modified_at=modified_at,
        notices=notices,
    )


def at(hour: int, digests: ContentDigests | None, reader: str = "x") -> FetchRecord:
    return FetchRecord(at=NOON + timedelta(hours=hour), digests=digests, reader=reader if digests else "")


def shown(*records: FetchRecord) -> list[tuple[int, int, tuple[str, ...]]]:
    return [
        (revision.number, int((revision.first_seen_at - NOON) / timedelta(hours=1)), revision.changes)
        for revision in timeline(records)
    ]


def test_what_is_seen_again_is_no_revision() -> None:
    (revision,) = timeline([at(0, seen()), at(1, seen()), at(5, seen(modified=3))])
    assert (revision.number, revision.first_seen_at, revision.last_seen_at) == (1, NOON, NOON + timedelta(hours=5))


def test_each_change_is_a_revision_also_one_back_to_what_was_before() -> None:
    assert shown(at(0, seen("a")), at(1, seen("b")), at(2, seen("a", "c"))) == [
        (1, 0, ()),
        (2, 1, ("headline",)),
        (3, 2, ("headline", "body")),
    ]


def test_a_text_that_changes_while_its_date_stays_is_changed_by_stealth() -> None:
    assert changes(seen("a", modified=1), seen("b", modified=1)) == ("headline", "stealth")
    assert changes(seen("a", modified=1), seen("b", modified=2)) == ("headline",)
    # A page that never says when it was modified hides nothing.
    assert changes(seen("a"), seen("b")) == ("headline",)


def test_the_date_that_counts_is_the_one_seen_last() -> None:
    assert shown(at(0, seen("a", modified=1)), at(1, seen("a", modified=2)), at(2, seen("b", modified=2)))[-1] == (
        2,
        2,
        ("headline", "stealth"),
    )


def test_a_notice_that_is_added_is_a_correction_and_one_that_is_taken_away_is_not() -> None:
    assert changes(seen(), seen(body="b", notices=1)) == ("body", "correction")
    assert changes(seen(body="b", notices=1), seen()) == ("body",)


def test_what_is_gone_may_come_back() -> None:
    assert shown(at(0, seen()), at(1, None), at(2, None), at(3, seen()), at(4, None), at(5, seen("b"))) == [
        (1, 0, ()),
        (2, 1, ("gone",)),
        (3, 3, ("back",)),
        (4, 4, ("gone",)),
        (5, 5, ("back", "headline")),
    ]


def test_what_was_never_there_is_not_gone() -> None:
    assert timeline([at(0, None)]) == ()
    assert shown(at(0, None), at(1, seen())) == [(1, 1, ())]


def test_the_order_in_which_it_was_learned_is_no_matter() -> None:
    records = [at(0, seen("a")), at(1, seen("b")), at(2, None), at(3, seen("a")), at(3, seen("b"))]
    assert len({timeline(order) for order in permutations(records)}) == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([None, seen("a"), seen("b"), seen("b", notices=1)]))))
def test_revisions_are_numbered_follow_one_another_and_differ(
    given_records: list[tuple[int, ContentDigests | None]],
) -> None:
    revisions = timeline([at(hour, digests) for hour, digests in given_records])
    assert [revision.number for revision in revisions] == list(range(1, len(revisions) + 1))
    assert all(revision.changes for revision in revisions[1:])
    times = [time for revision in revisions for time in (revision.first_seen_at, revision.last_seen_at)]
    assert times == sorted(times)


def test_what_differs_between_readers_is_no_revision() -> None:
    assert shown(at(0, seen("a"), "x"), at(1, seen("b"), "y")) == [(1, 0, ())]
    (revision,) = timeline([at(0, seen("a"), "x"), at(1, seen("b"), "y")])
    assert revision.digests == seen("b")


def test_a_reader_is_held_to_what_it_saw_itself_whoever_read_between() -> None:
    assert shown(at(0, seen("a"), "x"), at(1, seen("b"), "y"), at(2, seen("a"), "x"), at(3, seen("b"), "y")) == [
        (1, 0, ())
    ]
    assert shown(at(0, seen("a"), "x"), at(1, seen("b"), "y"), at(2, seen("c"), "x"))[-1] == (2, 2, ("headline",))


def test_one_change_is_told_once_however_many_readers_see_it() -> None:
    records = at(0, seen("a"), "x"), at(1, seen("b"), "y"), at(2, seen("c"), "x"), at(3, seen("d"), "y")
    assert [number for number, *_ in shown(*records)] == [1, 2]


def test_what_was_gone_is_back_whoever_reads_it() -> None:
    assert shown(at(0, seen("a"), "x"), at(1, None), at(2, seen("b"), "y"))[1:] == [
        (2, 1, ("gone",)),
        (3, 2, ("back",)),
    ]
