"""The JMESPaths of rules: each is checked before it is used, because nothing ends one that runs.

JMESPath has no step upwards, so a condition sees only its own element, and almost every expression takes linear time.
The others multiply the data: ``[@, @][] | [@, @][]`` doubles it with each step, ``join`` repeats its first argument.
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from khobor.sources.selectors import BadSelectorError

PREFIX = "jmespath:"
# How many parts an expression may have, and how many times as large as the data its result may be.
_MOST_PARTS = 60
_MOST_COPIES = 32
# Each to_string escapes what the one before it escaped.
_COPIES_OF_STRING = 8
# Functions whose result is a number, a truth value or a single item of their arguments.
_OF_ONE = frozenset(
    {"abs", "avg", "ceil", "contains", "ends_with", "floor", "length", "max", "max_by", "min", "min_by"}
    | {"starts_with", "sum", "to_number", "type"}
)
# Parts of which one is the result, and parts of which all are in the result. All others are steps.
_EITHER = frozenset({"or_expression", "and_expression"})
_ALL = frozenset({"multi_select_list", "multi_select_dict", "function_expression"})
_TRUTH = frozenset({"comparator", "not_expression"})

_Part = Mapping[str, Any]


def is_jmespath(rule: str) -> bool:
    """Whether a rule is a JMESPath into JSON-LD; otherwise it is a CSS selector or an XPath."""
    return rule.startswith(PREFIX)


@lru_cache(maxsize=4096)
def jmespath_of(rule: str) -> str:
    """Return the JMESPath of a rule.

    >>> jmespath_of("jmespath: author[].name")
    'author[].name'

    Args:
        rule: It begins with ``jmespath:``.

    Raises:
        BadSelectorError: The expression is invalid, or its result may be many times as large as the data.
    """
    # Imported here, because few sources have such rules.
    from jmespath import compile as parse
    from jmespath.exceptions import JMESPathError

    why: str | None
    expression = rule.removeprefix(PREFIX).strip()
    try:
        tree = parse(expression).parsed
    except RecursionError:
        why = "it is nested too deeply"
    except JMESPathError as error:
        why = str(error).partition("\n")[0].removesuffix(":").removesuffix(", for expression")
        why = f"{why}; see https://jmespath.org/specification.html"
    else:
        why = _mistake(tree) or objection(tree)
    if why:
        raise BadSelectorError(f"{rule!r} is not a valid JMESPath: {why}")
    return expression


def objection(tree: _Part) -> str | None:
    """Return why an expression costs too much, and what to write instead; None if it does not.

    Args:
        tree: The expression as jmespath parses it.
    """
    parts = [*_parts(tree)]
    if len(parts) > _MOST_PARTS:
        return f"it has {len(parts)} parts; at most {_MOST_PARTS} are allowed"
    if any(part.get("value") == "join" and part["children"][0]["type"] != "literal" for part in _calls(parts)):
        return "join() repeats its first argument for each text; write it out, such as join(`, `, …)"
    if _copies(tree) > _MOST_COPIES:
        return f"its result may be more than {_MOST_COPIES} times as large as the data; select fewer values"
    return None


def _parts(tree: _Part) -> Iterator[_Part]:
    """Yield all parts of an expression. It is not recursive, so that the nesting has no limit."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += [child for child in part["children"] if isinstance(child, dict)]


def _calls(parts: list[_Part]) -> Iterator[_Part]:
    return (part for part in parts if part["type"] == "function_expression")


def _mistake(tree: _Part) -> str | None:
    """Return what is wrong with a function in an expression, None if nothing is; jmespath notices when it calls it."""
    from jmespath.functions import Functions

    known = Functions.FUNCTION_TABLE
    for call in _calls([*_parts(tree)]):
        name, count = call["value"], len(call["children"])
        if name not in known:
            return f"there is no function {name}(); the functions are {', '.join(sorted(known))}"
        signature = known[name]["signature"]
        is_open = bool(signature) and bool(signature[-1].get("variadic"))
        if count < len(signature) or (count > len(signature) and not is_open):
            return f"{name}() takes {len(signature)} argument{'s'[: len(signature) != 1]}, not {count}"
    return None


def _copies(part: _Part) -> int:
    """Return at most how many times as large as the data the result of a part is."""
    kind = part["type"]
    inner = [_copies(child) for child in part["children"] if isinstance(child, dict)]
    if kind == "literal":
        return 1 if isinstance(part["value"], str) else json.dumps(part["value"]).count(",") + 1
    if kind in _TRUTH or (kind == "function_expression" and part["value"] in _OF_ONE):
        most = max(inner, default=1)
        return most if most > _MOST_COPIES else 1
    if kind in _EITHER:
        return max(inner)
    if kind == "function_expression" and part["value"] == "to_string":
        return _COPIES_OF_STRING * sum(inner)
    if kind in _ALL and part.get("value") != "map":
        return max(1, sum(inner))
    product = 1
    for each in inner:
        product *= each
    return product
