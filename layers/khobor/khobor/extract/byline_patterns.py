"""Patterns for the parts of a byline, made from the words in vocabulary/byline.toml."""

import re
from functools import cache

from khobor.extract.text import comparable
from khobor.extract.vocabulary import any_of, beginnings_of, load

# Scripts without spaces between words: kana and Han.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
# The words for a reporter in Chinese.
REPORTER = re.compile("记者|記者|通讯员|通訊員")


@cache
def intro() -> re.Pattern[str]:
    """Match what introduces the names, such as "By" or "Author:"."""
    words, labels = any_of(_words("lead")), any_of(_words("label"))
    unspaced = any_of(word for word in _words("lead") if len(word) > 1 and UNSPACED.search(word))
    sign = r"\s*[:：/／=＝】｜丨]\s*"
    # 聯合報／本報記者: the reporter's employer stands before that word.
    reporter = rf"(?:[\u3400-\u9fff]{{2,8}}[／/])?[\u3400-\u9fff]{{0,6}}?(?:{unspaced})"
    pattern = rf"(?:{words})(?:{sign}|\s+[-–—ـ]\s+|\s+)|(?:{labels}){sign}|{reporter}"
    # 編集委員・山田太郎
    pattern += rf"|(?:{any_of(word for word in _words('title') if UNSPACED.match(word))})・"
    pattern = rf"^(?>{pattern})++(?=\s*[^\s)）])"
    return re.compile(pattern, re.IGNORECASE)


@cache
def non_author_intro() -> re.Pattern[str]:
    """Match words, without a colon, that introduce someone other than the author, such as "Edited by"."""
    return re.compile(rf"(?:{any_of(_words('other_lead'))})\s", re.IGNORECASE)


@cache
def of_pictures() -> re.Pattern[str]:
    """Match a label of pictures, without a colon."""
    return re.compile(any_of(load("credit_labels")["before"]), re.IGNORECASE)


@cache
def label() -> re.Pattern[str]:
    """Match a label with its colon: the group ``author`` for an author's, ``other`` for another contributor's."""
    authors, others, sources = any_of(_author_labels()), any_of(_words("other_label")), any_of(_source_labels())
    sign = r"(?:\s*+[:：]|】|(?<=[\u3040-\u9fff])\s*+[/／・=＝｜丨])"
    return re.compile(rf"(?<!\w)(?:(?P<author>{authors})|(?P<other>{others})|{sources}){sign}", re.IGNORECASE)


@cache
def han_words_of_others() -> frozenset[str]:
    """Return the Chinese and Japanese words for contributors other than the author, such as 摄影."""
    words = (*_words("other_lead"), *_words("other_label"), *load("credit_labels")["behind"])
    return frozenset(word for word in words if UNSPACED.match(word))


@cache
def intros_of_others() -> tuple[str, ...]:
    """Return the words that introduce someone other than the author, in lower case, with a space before each."""
    return tuple(f" {word}" for word in {*_words("other_lead"), *_words("other_label")})


@cache
def ends_of_labels() -> frozenset[str]:
    """Return the last two letters of each label, in lower case."""
    return frozenset(label[-2:].lower() for label in {*_author_labels(), *_words("other_label"), *_source_labels()})


@cache
def after_names() -> re.Pattern[str]:
    """Match what follows the names: a time, a date, a place.

    A number at the end of a name is handled elsewhere. A number within a channel's name is part of the name.
    """
    labels_of_dates = any_of(word for word in load("labels")["published"] if UNSPACED.match(word))
    channel = "".join(rf"(?<!\b{re.escape(word)})" for word in _words("numbered"))
    return re.compile(
        r"(?:\s?[|•⋅]|\s[–—·-]\s|\s?[(（]|,\s?\d|^\d{1,4}(?=[\s.:/-])"
        rf"|{channel}\s\d{{1,4}}+(?=[^\W\d_]|[^\w\s,;]|\s?,?\s?\d|\s[^\W\d_])"
        r"|(?:,|(?<=[^\W\d_]{3})\.)?\s?(?:(?:last|first|originally|zuletzt|zuerst)\s)?(?:updated|published|modified|aktualisiert|veröffentlicht)\b"
        rf"|\s(?=[\u3040-\u9fff])(?:{labels_of_dates})\s?(?=[:：于於\d])"
        # "Par Anne Roy avec Luc Morel": that may be an interviewee. An agency is a co-author.
        rf"|(?-i:\s(?:{any_of(_words('between_agency'))})\s)(?!(?:{any_of(load('agencies')['names'])})(?!\w))"
        r"|(?-i:\s(?:on|at|am|um|under|vom|à)\s)).*",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def place_before_name() -> re.Pattern[str]:
    """Match a place and the word for "from" after it, before a name of two words or more."""
    return re.compile(rf"^\S+\s+(?:{any_of(_words('from_behind'))})\s+(?=\S+\s+\S)")


@cache
def word_after_name() -> re.Pattern[str]:
    """Match a word that follows a name and is not part of it, such as 기자."""
    return re.compile(rf"(?:(?<!\s)\s++)?(?:{any_of(_words('trail'))})$")


@cache
def report() -> re.Pattern[str]:
    """Match the end of a Chinese byline that says where the report is from, such as 台北報導."""
    places = any_of(_words("place"))
    days = r"(?:\d{1,2}日)?"
    return re.compile(rf"(?<=[\u3400-\u9fff])\s*(?:(?P<place>{places}){days})?(?:{any_of(_words('report'))})$")


@cache
def desk() -> re.Pattern[str]:
    """Match a word that the name of a desk ends with."""
    return re.compile(rf"(?<!\w)(?:{any_of(_words('desk'))})$", re.IGNORECASE)


@cache
def desk_first() -> re.Pattern[str]:
    """Match the beginning of the name of a desk, such as "La rédaction de" or "Redaktion"."""
    return re.compile(rf"(?:la |die |el |de |the )?(?:{any_of(_words('desk_first'))})(?!\w)", re.IGNORECASE)


@cache
def title() -> re.Pattern[str]:
    """Match a title of more than one character after a name, such as 기자."""
    return re.compile(rf"\w\s*(?:{any_of([word for word in _words('title') if len(word) > 1])})$")


@cache
def titled_name() -> re.Pattern[str]:
    """Match a Korean name and the title after it at the beginning of a line, such as 안진우 기자."""
    titles = any_of(word for word in _words("title") if _HANGUL.match(word))
    return re.compile(rf"(?P<name>[\uac00-\ud7af]{{2,4}})\s?(?:{titles})(?![\uac00-\ud7af])")


@cache
def role() -> re.Pattern[str]:
    """Match a word for an author's role anywhere in a text."""
    return re.compile(rf"(?<!\w)(?:{any_of(_words('role'))})(?!\w)", re.IGNORECASE)


@cache
def whole_role() -> re.Pattern[str]:
    """Match a role with the words around it, such as "Senior Health Reporter"."""
    beside, roles = any_of(_words("beside_role")), any_of(_words("role"))
    return re.compile(rf"(?:(?:{beside})\s+){{0,5}}(?:{roles})(?:\s+(?:{beside})){{0,5}}", re.IGNORECASE)


@cache
def name_and_role() -> re.Pattern[str]:
    """Match a name and the role after it, with no sign between them."""
    return re.compile(rf"^(?P<name>\S+(?:\s+\S+){{0,3}}?)\s+{whole_role().pattern}$", re.IGNORECASE)


@cache
def role_before_name() -> re.Pattern[str]:
    """Match a role before a name of two words or more."""
    return re.compile(rf"^{whole_role().pattern}\s+(?=(?-i:(?![a-zà-öø-ÿа-я]))[^\W\d_]\S*\s+[^\W\d_])", re.IGNORECASE)


@cache
def separator(*, is_long: bool, is_upper: bool) -> re.Pattern[str]:
    """Match what separates two names. A group ``word``, ``comma_word`` or ``mark`` has matched where it joins them.

    Args:
        is_long: Whether the byline is long enough for two names. Then words that also occur within a name separate.
        is_upper: Whether the byline is in capitals.
    """
    joining, doubtful = any_of(_words("between")), any_of(_words("between_long"))
    words = rf"{joining}|(?-i:{doubtful.upper() if is_upper else doubtful})" if is_long else joining
    # After a word such as "with" may come an interviewee, but an agency is a co-author.
    words += rf"|(?:{any_of(_words('between_agency'))})(?=\s+(?:{any_of(load('agencies')['names'])})(?!\w))"
    # After a comma each of these words joins, but a capital may be an initial.
    after_comma = rf"(?:{joining}|&|(?-i:{doubtful}))\s"
    sign = r"\s?[,|/、，・؛،／]\s?|(?<=[\uac00-\ud7af])·"
    # "And" is written together with the name after it. No name begins with these two letters.
    sign += r"|\sو(?=[أإآبتثخذزشطظغكمي]\w+\s\w)|\sו(?=[בגדהזחטכמסעפצשת]\w+\s\w)"
    return re.compile(
        rf"(?:{sign})(?P<comma_word>{after_comma})?|\s?(?P<mark>;)\s?(?:{after_comma})?|\s(?P<word>{words}|&)\s",
        re.IGNORECASE,
    )


@cache
def particles() -> frozenset[str]:
    """Return the words of a surname that are in lower case, such as "van"."""
    return frozenset(_words("particle"))


@cache
def generations() -> frozenset[str]:
    """Return suffixes such as "jr" that are part of the name, without full stops."""
    return frozenset(_words("generation"))


@cache
def suffixes() -> frozenset[str]:
    """Return generations, degrees and honours that follow a name, without full stops."""
    return frozenset(_words("suffix")) | generations()


@cache
def numbered() -> frozenset[str]:
    """Return the words before the number in a name that has one, such as a channel's."""
    return frozenset(_words("numbered"))


@cache
def non_names() -> frozenset[str]:
    """Return the words of bylines that are not names, in the form that ``comparable`` returns."""
    return frozenset(map(comparable, _words("no_name") + _words("lead") + _words("label")))


@cache
def place_names() -> frozenset[str]:
    """Return the names of places that look like names of people, in the form that ``comparable`` returns."""
    return frozenset(map(comparable, _words("place_name")))


@cache
def introductions() -> frozenset[str]:
    """Return the introductions of names that consist of several words, in the form that ``comparable`` returns."""
    return frozenset(text for text in leads() if " " in text)


@cache
def leads() -> frozenset[str]:
    """Return all introductions of names, in the form that ``comparable`` returns."""
    return frozenset(map(comparable, [*_words("lead"), *_words("label")]))


@cache
def about_author() -> frozenset[str]:
    """Return the headings above what a page says about its author, in the form that ``comparable`` returns."""
    return frozenset(map(comparable, _words("about")))


@cache
def beginnings_of_labels() -> frozenset[str]:
    """Return the first two characters of texts that may be one of ``introductions`` or ``about_author``."""
    return beginnings_of("byline", "lead") | beginnings_of("byline", "label") | beginnings_of("byline", "about")


def _author_labels() -> set[str]:
    return {*_words("lead"), *_words("label")}


def _source_labels() -> set[str]:
    return {*load("agencies")["labels"], *load("credit_labels")["before"]}


def _words(key: str) -> list[str]:
    words: list[str] = load("byline")[key]
    return words
