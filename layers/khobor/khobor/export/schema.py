"""The columns of an exported article: name, type and meaning.

This is the schema of the Parquet files. Within one version, no column changes its name, type or meaning; new columns
may be appended. A breaking change increases ``VERSION``, which each file has in its metadata as ``khobor.schema``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

from khobor.article import Article, Evidence
from khobor.field_orders import COLUMNS as COLUMN_NAMES
from khobor.fields import BY_NAME

VERSION = "1"

STRING = "string"
INT32 = "int32"
BOOL = "bool"
# An instant in UTC, in microseconds.
TIMESTAMP = "timestamp[us, UTC]"

# A scalar's name; a list of one type; a struct's fields by name.
Type: TypeAlias = "str | Sequence[Type] | Mapping[str, Type]"


@dataclass(frozen=True)
class Column:
    """A column; an absent value is null, or an empty list.

    Attributes:
        name: Its name; that of the field of ``Article``, if it holds one.
        type: Its type.
        meaning: What it contains.
    """

    name: str
    type: Type
    meaning: str


_EVIDENCE: Mapping[str, Type] = {
    "field": STRING,
    "origin": STRING,
    "text": STRING,
    "precision": STRING,
    "assumed_zone": STRING,
    "confirmed_by": [STRING],
    "disputed_by": [{"origin": STRING, "text": STRING}],
}

_SCALARS: Mapping[Any, Type] = {str: STRING, int: INT32, bool: BOOL, datetime: TIMESTAMP}
# Columns that are no fields of ``Article``, or have another form there.
_OWN_COLUMNS = {
    column.name: column
    for column in (
        Column(
            "body_text", STRING, "Text of the body, blocks separated by an empty line; images and embeds are left out"
        ),
        Column(
            "listed_at",
            TIMESTAMP,
            "published_at, else fetched_at; selections go by it, and files by its day in the source's time zone",
        ),
        Column("extraction", {"version": STRING, "rules": STRING}, BY_NAME["extraction"].meaning),
        Column("evidence", [_EVIDENCE], "For each field its place in the page, and the text as found"),
        Column("simhash", STRING, "Null: no longer computed; kept so that the columns of one schema are the same"),
    )
}


def type_of(hint: Any) -> Type:
    """Return the type of a column that holds what a type hint of ``Article`` says.

    >>> type_of(str | None), type_of(tuple[bool, ...])
    ('string', ['bool'])
    """
    if get_origin(hint) is Literal:
        return STRING
    if get_origin(hint) in {Union, UnionType}:
        return type_of(get_args(hint)[0])
    if get_origin(hint) is tuple:
        return [type_of(get_args(hint)[0])]
    if is_dataclass(hint):
        return {part.name: type_of(part.type) for part in fields(hint)}
    return _SCALARS[hint]


def _columns() -> Iterator[Column]:
    hints = {field.name: field.type for field in fields(Article)}
    for name in COLUMN_NAMES:
        yield _OWN_COLUMNS.get(name) or Column(name, type_of(hints[name]), BY_NAME[name].meaning)


COLUMNS = tuple(_columns())


def row(article: Article) -> dict[str, Any]:
    """Return the values of an article by column name."""
    derived = {
        "listed_at": article.listed_at,
        "simhash": None,
        "evidence": [{"field": name, **_evidence(each)} for name, each in article.extraction.fields.items()],
    }
    others = (column for column in COLUMNS if column.name not in derived)
    return {column.name: _value(column.type, getattr(article, column.name)) for column in others} | derived


def _evidence(evidence: Evidence) -> dict[str, Any]:
    names = {name: kind for name, kind in _EVIDENCE.items() if name != "field"}
    return {name: _value(kind, getattr(evidence, name)) for name, kind in names.items()}


def _value(kind: Type, value: Any) -> Any:
    if value is None or isinstance(kind, str):
        return value
    if isinstance(kind, Mapping):
        return {name: _value(part, getattr(value, name)) for name, part in kind.items()}
    return [_value(kind[0], each) for each in value]


def type_name(kind: Type) -> str:
    """Return the name of a type as text.

    >>> type_name([{"name": STRING, "url": STRING}])
    'list<struct<name: string, url: string>>'
    """
    if isinstance(kind, str):
        return kind
    if isinstance(kind, Mapping):
        return f"struct<{', '.join(f'{name}: {type_name(part)}' for name, part in kind.items())}>"
    return f"list<{type_name(kind[0])}>"
