"""The language and the number of words."""

import pytest
from tests.extract.fields.sample_article import article


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("en-GB", "The bridge is open.", "en-GB"),
        ("en_US", "The bridge is open.", "en-US"),
        ("en", "সেতুটি খুলে দেওয়া হয়েছে", "bn"),
        ("as", "সেতুটি খুলে দেওয়া হয়েছে", "as"),
        ("bn", "The bridge is open.", None),
        ("", "The bridge is open.", None),
        ("ja", "橋が再び開通しました。市議会が発表した。", "ja"),
        ("en", "橋が再び開通しました。市議会が発表した。", "ja"),
    ],
)
def test_is_what_the_page_says_if_the_script_agrees(lang: str, text: str, language: str | None) -> None:
    assert article(lang=lang, title=text, paragraphs=(text * 4,)).language == language


def test_words_are_counted_by_the_scripts_own_rules() -> None:
    assert article(paragraphs=("One, two - three four’s five and more of the words for a body.",)).word_count == 13
    assert article(paragraphs=("橋が再び開通しました" * 5,)).word_count == 50


RUSSIAN = "В четверг вечером совет проголосовал за восстановление моста, и это был трудный вопрос для города."
UKRAINIAN = "У четвер увечері рада проголосувала за відбудову мосту, і це був її найважчий вибір для міста."
SERBIAN = "Градско веће је у четвртак гласало за обнову моста, што је био њихов најтежи избор, који је дуго чекао."
BULGARIAN = "В четвъртък съветът гласува за обновяване на моста, като това ще се случи при нов срок за града."
URDU = "شہر کی کونسل نے پرانے پل کی دوبارہ تعمیر کے حق میں ووٹ دیا ہے اور یہ تنازع ختم ہو گیا۔"
PERSIAN = "شورای شهر به بازسازی پل قدیمی رأی داد و این تصمیم پس از ده سال گفتگو گرفته شد که در شهر چاپ شد."
PASHTO = "د ښار شورا د زاړه پله د بیا جوړولو په اړه رایه ورکړه چې له لسو کلونو وروسته یې پای ته ورسوله."
MARATHI = "शहर परिषदेने जुना पूल पुन्हा बांधण्याचा निर्णय घेतला आहे आणि या कामाला दीड वर्ष लागणार आहे."
NEPALI = "नगर परिषदले पुरानो पुल पुनर्निर्माण गर्न मतदान गरेको छ र यो काम अर्को वर्ष पनि हुने भएको छ।"
ASSAMESE = "নগৰ পৰিষদে পুৰণি দলংখন পুনৰ নিৰ্মাণ কৰিবলৈ ভোট দিছে আৰু এই কামত এবছৰ লাগিব।"
SPANISH = "El consejo votó por la obra del puente y los vecinos dijeron que las calles del centro son para todos."
INDONESIAN = "Dewan kota memilih untuk membangun jembatan itu dan warga yang tinggal di dekat sungai akan pindah."
TURKISH = "Belediye meclisi bu köprü için oy verdi ve bir yıl sonra daha güvenli olan yol açılacak gibi görünüyor."
VIETNAMESE = "Hội đồng đã bỏ phiếu cho việc xây lại cây cầu và người dân trong thành phố không được đi qua."
SWAHILI = "Baraza la mji lilipiga kura kwa ajili ya ujenzi wa daraja na watu wa mji katika eneo hilo pia walisema."


NEPALI_OF_A_COUNCIL = (
    "नगर परिषद्ले पुरानो पुल पुनर्निर्माण गर्ने पक्षमा मतदान गरेको छ। यसले विवाद अन्त्य भएको छ। काममा अठार महिना लाग्ने बताएका छन्।"
)
BULGARIAN_OF_A_COUNCIL = (
    "Общинският съвет гласува късно в четвъртък "
    "за възстановяване на стария мост, слагайки "
    "край на спора, който разделяше града."
)


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("en-US", RUSSIAN, "ru"),
        ("en", UKRAINIAN, "uk"),
        ("ru", UKRAINIAN, "uk"),
        ("en", SERBIAN, "sr"),
        ("en", BULGARIAN, "bg"),
        ("en", URDU, "ur"),
        ("ar", URDU, "ur"),
        ("en", PERSIAN, "fa"),
        ("en", PASHTO, "ps"),
        ("en", MARATHI, "mr"),
        ("en", NEPALI, "ne"),
        ("en", NEPALI_OF_A_COUNCIL, "ne"),
        ("en", BULGARIAN_OF_A_COUNCIL, "bg"),
        ("en", ASSAMESE, "as"),
        ("en", SPANISH, "es"),
        ("en", INDONESIAN, "id"),
        ("en-US", TURKISH, "tr"),
        ("en", VIETNAMESE, "vi"),
        ("en", SWAHILI, "sw"),
    ],
)
def test_words_and_letters_decide_against_a_declaration_that_cannot_be_right(
    lang: str, text: str, language: str
) -> None:
    assert article(lang=lang, title=text, paragraphs=(text, text)).language == language


@pytest.mark.parametrize(
    ("lang", "text"), [("es-MX", SPANISH), ("ms", INDONESIAN), ("hr", "Most je otvoren."), ("sah", RUSSIAN)]
)
def test_a_declaration_that_may_be_right_stays(lang: str, text: str) -> None:
    assert article(lang=lang, title=text, paragraphs=(text, text)).language == lang
