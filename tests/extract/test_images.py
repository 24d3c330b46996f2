import pytest
from lxml import html

from khobor.extract.document import Document
from khobor.extract.images import image_of, split_credit


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("ভ্লাদিমির পুতিন, কিম জং উন। ছবি : সংগৃহীত", "ভ্লাদিমির পুতিন, কিম জং উন।", "সংগৃহীত"),
        ("ছবি: রয়টার্স", None, "রয়টার্স"),
        ("The bridge at night. Photo: A. Rahman", "The bridge at night.", "A. Rahman"),
        ("The bridge (Photo by A. Rahman)", "The bridge", "A. Rahman"),
        ("Die Brücke | Foto: dpa", "Die Brücke", "dpa"),
        ("The bridge © Reuters", "The bridge", "Reuters"),
        ("רציף ריק (צילום: דנה לוין)", "רציף ריק", "דנה לוין"),
        ("Ghe hàng thắp đèn. Ảnh: Hoàng Yến", "Ghe hàng thắp đèn.", "Hoàng Yến"),
        ("客室。黒板は残された＝森川紗季撮影", "客室。黒板は残された", "森川紗季"),
        ("(Fotoğraf: Kerem Soylu)", None, "Kerem Soylu"),
        ("A photo of the bridge", "A photo of the bridge", None),
        ("  ", None, None),
        (None, None, None),
    ],
)
def test_split_credit(text: str | None, caption: str | None, credit: str | None) -> None:
    assert split_credit(text) == (caption, credit)


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<img src="/a.jpg">', "https://news.example/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', "https://news.example/a.jpg"),
        ('<img src="/small.jpg" srcset="/a.jpg 800w, /b.jpg 1600w, /c.jpg 400w">', "https://news.example/b.jpg"),
        (
            '<picture><source srcset="/a.jpg 1x, /b.jpg 2x"><img src="/small.jpg"></picture>',
            "https://news.example/b.jpg",
        ),
        ('<figure><a href="/x"><img src="/a.jpg"></a></figure>', "https://news.example/a.jpg"),
        ('<div data-src="/a.jpg" data-sub-html="Caption"></div>', "https://news.example/a.jpg"),
    ],
)
def test_the_address_is_that_of_the_best_image(markup: str, url: str) -> None:
    image = image_of(Document(b"", "https://news.example/x"), html.fragment_fromstring(markup))
    assert image is not None
    assert image.url == url


@pytest.mark.parametrize(
    "markup", ['<img src="/a.gif" width="1" height="1">', "<img>", '<img src="javascript:x">', "<figure>x</figure>"]
)
def test_spacers_and_nothing_are_no_images(markup: str) -> None:
    assert image_of(Document(b"", "https://news.example/x"), html.fragment_fromstring(markup)) is None


def test_a_figure_brings_its_caption() -> None:
    markup = '<figure><img src="/a.jpg" alt="Alt" width="800"><figcaption>Night. Photo: Rahman</figcaption></figure>'
    image = image_of(Document(b"", "https://news.example/x"), html.fragment_fromstring(markup))
    assert image is not None
    assert (image.caption, image.credit, image.width) == ("Night.", "Rahman", 800)
