"""Messages in place of an article, and articles about such messages."""

import pytest

from khobor.extract import extract

URL = "https://news.example/2026/05/03/bridge"
FORM = "<form><input name=user><input type=password></form>"
DATE = "<p>Published 27 November 2026</p>"


def reason(title: str, text: str, rest: str = "") -> str | None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p>{rest}</body></html>"
    return extract(html.encode(), URL).extraction.not_article


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Oops!", "Sorry, the page you were looking for is not here. Please try our search, or begin again."),
        ("Hoppla", "Die gewünschte Seite gibt es leider nicht. Bitte prüfen Sie die Adresse oder die Suche."),
        ("Kurier", "La page que vous cherchez n'existe pas ou a été déplacée. Vérifiez l'adresse."),
        ("দুঃখিত", "আপনি যে পাতাটি খুঁজছেন সেটি নেই বা সরিয়ে নেওয়া হয়েছে। ঠিকানাটি যাচাই করুন।"),
        ("عذرا", "الصفحة التي تبحث عنها غير موجودة أو تم نقلها. يرجى التحقق من العنوان أو استخدام البحث."),
        ("抱歉", "您访问的页面已经被删除，请检查地址是否正确，或者返回首页继续浏览其他内容。"),
    ],
)
def test_a_short_text_about_a_missing_page_is_an_error(title: str, text: str) -> None:
    assert reason(title, text) == "error_page"


def test_an_article_that_quotes_an_error_is_one() -> None:
    story = "The ministry moved its site, and its old addresses now say that they do not exist. " * 6
    assert reason("Ministry loses its archive", f"{story} It shows: the page you requested is gone.") is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Welcome back", "Please enter your e-mail address and your password to continue. No account yet?"),
        ("Willkommen", "Bitte geben Sie Ihre E-Mail-Adresse und Ihr Passwort ein, um den Artikel zu lesen."),
        ("স্বাগতম", "এই পাতাটি পড়তে আপনার ব্যবহারকারীর নাম ও পাসওয়ার্ড দিন। অ্যাকাউন্ট না থাকলে নিবন্ধন করুন।"),
    ],
)
def test_a_short_text_beside_a_field_for_a_password_is_a_login(title: str, text: str) -> None:
    assert reason(title, text, FORM) == "login_page"
    assert reason(title, text) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Bank asks customers to change every password",
            "A leak made every password of the bank useless, so that all customers need a new one by Friday.",
        ),
        ("Artista abre mostra", "A artista volta a desenhar a ponte do porto, e a mostra fica aberta até domingo."),
        (
            "Bank loses passwords",
            f"{DATE}<p>A leak made every password of the bank useless, so all need a new one.</p>",
        ),
    ],
)
def test_an_article_beside_a_login_is_one(title: str, text: str) -> None:
    assert reason(title, text, FORM) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Mit Werbung weiterlesen", "Nutzen Sie unsere Seite mit Tracking. Ihre Zustimmung ist jederzeit widerrufbar."),
        (
            "Before you continue",
            "The Kurier and its partners use cookies and data to show ads and to measure what you read.",
        ),
        ("Continuer sans accepter", "Avec votre accord, nos partenaires et nous utilisons des cookies sur ce site."),
    ],
)
def test_a_wall_at_the_address_of_an_article_asks_for_consent(title: str, text: str) -> None:
    assert reason(title, text) == "consent_page"


def test_an_article_about_consent_has_a_date_or_an_author() -> None:
    title, text = "Datenschutz: Firmen beachten neue Regeln", "Firmen brauchen für Cookies eine Einwilligung der Leser."
    assert reason(title, text, "<time datetime=2026-05-03>3. Mai 2026</time>") is None
    assert reason(title, text, "<div class=author>Von Erika Muster</div>") is None


def test_a_list_below_a_search_field_with_its_words_is_the_results() -> None:
    cards = "".join(f"<div><h3><a href=/{n}>Headline of article {n}</a></h3><p>A teaser.</p></div>" for n in range(8))
    field = "<form><input type=search name=q value='{}'></form>"
    title, text = "Your search for bridge: 240 hits in all", "The archive has all articles since the year 1998."
    assert reason(title, text, field.format("bridge") + cards) == "search_page"
    assert reason(title, text, field.format("") + cards) is None
    story = "The council voted on Tuesday to rebuild the old bridge, which will be closed from the spring on. " * 4
    assert reason("Old bridge will be closed again", story, field.format("bridge") + cards) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Your choices about your data",
            "We and our partners use cookies to access personal data for purposes like advertising.",
        ),
        ("Tú decides sobre tus datos", "Utilizamos cookies propias y de terceros para medir la audiencia."),
        ("クッキーについて", "当サイトではCookieを使用して利用状況を把握し、広告を表示します。同意してください。"),
        (
            "Мы ценим ваше доверие",
            "Мы используем файлы cookie, чтобы показывать рекламу. Нажмите кнопку.",
        ),
    ],
)
def test_a_text_that_asks_for_consent_is_no_article_whatever_its_heading(title: str, text: str) -> None:
    assert reason(title, text) == "consent_page"
    assert reason(title, f"{text} {DATE}") is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Room 404 not found: the hotel that never opened", None),
        ("Page not found | The Daily Test of Harbourton", "error_page"),
        ("The Daily Test of Harbourton and All Its Islands - 404", "error_page"),
        ("Sorry, page not found", "error_page"),
    ],
)
def test_the_name_of_the_site_is_parted_from_the_message(title: str, expected: str | None) -> None:
    text = "The hotel has stood empty for forty years, and the town does not know what to do with it. " * 3
    assert reason(title, text) == expected
