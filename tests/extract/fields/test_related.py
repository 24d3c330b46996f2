"""Links to other articles."""

from tests.extract.fields.sample_article import article


def test_related_links_lead_to_other_articles_of_the_site() -> None:
    (link,) = article().related
    assert (link.url, link.text) == (
        "https://news.example/city/99",
        "A dog found its way home over two hundred kilometres",
    )
