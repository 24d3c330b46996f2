"""The publisher."""

from tests.extract.fields.sample_article import article, json_ld_article


def test_publisher() -> None:
    organization = {"@type": "Organization", "name": "The Daily Test", "logo": {"url": "/logo.png"}}
    publisher = article(json_ld=json_ld_article(publisher=organization)).publisher
    assert publisher is not None
    assert (publisher.name, publisher.logo) == ("The Daily Test", "https://news.example/logo.png")


def test_publisher_in_microdata() -> None:
    markup = '<span itemprop="publisher" itemscope><meta itemprop="name" content="The Daily Test"></span>'
    publisher = article(article=markup).publisher
    assert publisher is not None
    assert publisher.name == "The Daily Test"
