"""The columns of the Glue table in template.yaml, which are those of an export."""

import re
from collections.abc import Mapping

from khobor.export import schema

# The list of the columns, which ``make reference`` writes.
_COLUMNS = re.compile(r"(?<=          Columns:\n)(?: {12}- \{Name: .*\}\n)+")
_SCALARS = {schema.STRING: "string", schema.INT32: "int", schema.BOOL: "boolean", schema.TIMESTAMP: "timestamp"}


def glue_type(kind: schema.Type) -> str:
    """Return a column's type as Glue, and so Athena, writes it."""
    if isinstance(kind, str):
        return _SCALARS[kind]
    if isinstance(kind, Mapping):
        return f"struct<{','.join(f'{name}:{glue_type(part)}' for name, part in kind.items())}>"
    return f"array<{glue_type(kind[0])}>"


def with_columns(template: str) -> str:
    """Return the text of the template with the columns of an export in its table.

    Raises:
        ValueError: If the template has not one list of columns.
    """
    text, lists = _COLUMNS.subn(lambda _: "".join(map(_line, schema.COLUMNS)), template)
    if lists != 1:
        raise ValueError(f"template.yaml has {lists} lists of columns; DeliveryTable should have the one")
    return text


def _line(column: schema.Column) -> str:
    kind = glue_type(column.type)
    written = f'"{kind}"' if ":" in kind else kind
    return f"            - {{Name: {column.name}, Type: {written}}}\n"
