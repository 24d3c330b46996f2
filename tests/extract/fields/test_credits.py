"""The agencies that the article names as its source."""

import pytest
from tests.extract.fields.sample_article import article


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("লড়াই করে চলেছে। খবর আলজাজিরার।", ("আলজাজিরা",)),
        ("তিনি এ কথা জানান। খবর রয়টার্সের।", ("রয়টার্স",)),
        ("তিনি এ কথা জানান। খবর বিবিসি ও এএফপির।", ("বিবিসি", "এএফপি")),
        ("সূত্র: আনাদোলু", ("আনাদোলু",)),
        ("It opened on Monday. Source: Reuters", ("Reuters",)),
        ("Es wurde am Montag eröffnet. (dpa)", ("dpa",)),
        ("Той каза това в сряда пред хората. (БТК)", ("БТК",)),
        ("طرابلس (أ ف ب) – افتتح الجسر القديم فوق النهر صباح الاثنين.", ("أ ف ب",)),
        ("It opened on Monday (see picture)", ()),
        ("এ খবর শুনে তিনি হাসপাতালে যান এবং রোগীর সঙ্গে কথা বলেন।", ()),
    ],
)
def test_credits(sentence: str, names: tuple[str, ...]) -> None:
    assert article(paragraphs=("An introduction that is long enough for a body.", sentence)).credits == names
