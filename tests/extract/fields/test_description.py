"""The description and the kicker."""

from tests.extract.fields.sample_article import article, meta


def test_description_and_kicker() -> None:
    found = article(head=meta("og:description", "Two years after the flood."), article='<p class="kicker">Roads</p>')
    assert (found.description, found.kicker) == ("Two years after the flood.", "Roads")


def test_a_description_that_repeats_the_title_is_none() -> None:
    assert article(head=meta("og:description", "Old bridge opens again!")).description is None
