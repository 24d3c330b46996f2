"""The description and the kicker."""

from tests.extract.fields.sample_article import article, json_ld_article, meta


def test_description_and_kicker() -> None:
    found = article(head=meta("og:description", "Two years after the flood."), article='<p class="kicker">Roads</p>')
    assert (found.description, found.kicker) == ("Two years after the flood.", "Roads")


def test_a_description_that_repeats_the_title_is_none() -> None:
    assert article(head=meta("og:description", "Old bridge opens again!")).description is None


SUMMARY = "Two years after the flood, the old bridge carries traffic again."
CAPTION = "Engineers on the bridge on Monday."


def test_the_description_that_other_places_confirm_is_taken() -> None:
    head = meta("og:description", SUMMARY) + f'<meta name="description" content="{SUMMARY}">'
    assert article(head=head, json_ld=json_ld_article(description=CAPTION)).description == SUMMARY
    # Programs fill in both from one text.
    social = meta("og:description", SUMMARY) + meta("twitter:description", SUMMARY)
    assert article(head=social, json_ld=json_ld_article(description=CAPTION)).description == CAPTION


def test_a_whole_description_is_better_than_its_beginning() -> None:
    head = meta("og:description", f"{SUMMARY[:50]}…") + f'<meta name="description" content="{SUMMARY}">'
    assert article(head=head).description == SUMMARY
    assert article(head=meta("og:description", f"{SUMMARY[:50]}…")).description == f"{SUMMARY[:50]}…"
