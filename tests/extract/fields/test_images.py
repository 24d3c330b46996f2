"""The images, the lead image first."""

from tests.extract.fields.given import article, described, meta


def test_the_lead_image_comes_first_with_what_its_figure_says() -> None:
    figure = '<figure><img src="/b.jpg?w=9"><figcaption>Night. Photo: Rahman</figcaption></figure>'
    found = article(head=meta("og:image", "/img/b.jpg"), article=figure)
    (image,) = found.images
    assert (image.caption, image.credit) == ("Night.", "Rahman")


def test_json_ld_gives_size_and_credit() -> None:
    image = {"@type": "ImageObject", "url": "/a.jpg", "width": 1200, "height": "675", "creditText": "dpa"}
    (found,) = article(json_ld=described(image=[image])).images
    assert (found.url, found.width, found.height, found.credit) == ("https://news.example/a.jpg", 1200, 675, "dpa")


def test_a_page_without_images_has_none() -> None:
    assert article().images == ()
