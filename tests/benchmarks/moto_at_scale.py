"""moto with indexes in place of its full scans, for benchmarks with much data.

moto is made for tests with a handful of items: to ask an index it sorts the whole table, to send a message it counts
those in the queue three times, and an expression is parsed anew with each call. What is put in its place here gives the
same answers; what each spares is said beside it. Nothing of it reaches the embedded stack outside of a benchmark.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any, cast
from unittest.mock import patch
from weakref import WeakKeyDictionary

from botocore.model import OperationModel
from botocore.regions import EndpointRulesetResolver
from botocore.validate import ParamValidator, ValidationErrors
from moto.core.common_models import BaseModel
from moto.dynamodb import models as dynamodb
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.parsing import expressions
from moto.dynamodb.parsing.executors import UpdateExpressionExecutor
from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords
from moto.dynamodb.parsing.validators import UpdateExpressionValidator
from moto.dynamodbstreams.models import DynamoDBStreamsBackend
from tests.benchmarks.queues_at_scale import queues


@contextmanager
def moto_at_scale() -> Iterator[None]:
    """Make moto quick with many items and messages, for as long as this is entered."""
    with ExitStack() as patches:
        for owner, name, value in (*_clients(), *_models(), *queues(), *_tables()):
            patches.enter_context(patch.object(owner, name, value, create=name == "__deepcopy__"))
        yield


def _clients() -> Iterator[tuple[Any, str, Any]]:
    # What is sent is validated, and where to, in all other tests; together a fifth of a call.
    yield ParamValidator, "validate", lambda *_: ValidationErrors()
    yield EndpointRulesetResolver, "construct_endpoint", _endpoint


_endpoint_of_botocore = EndpointRulesetResolver.construct_endpoint
_endpoints: WeakKeyDictionary[EndpointRulesetResolver, dict[tuple[str, str | None], Any]] = WeakKeyDictionary()


def _endpoint(
    resolver: EndpointRulesetResolver, operation_model: OperationModel, call_args: dict[str, Any], request_context: Any
) -> Any:
    # Of khobor's calls it depends on nothing else.
    known = _endpoints.setdefault(resolver, {})
    key = (operation_model.name, call_args.get("Bucket"))
    if key not in known:
        known[key] = _endpoint_of_botocore(resolver, operation_model, call_args, request_context)
    return known[key]


def _models() -> Iterator[tuple[Any, str, Any]]:
    # The class keeps every message, item and object ever made, for moto's dashboard.
    yield BaseModel, "__new__", staticmethod(lambda cls, *_, **__: object.__new__(cls))


def _tables() -> Iterator[tuple[Any, str, Any]]:
    yield ConditionExpressionParser, "parse", _parse
    yield _Parser, "make", staticmethod(_make)
    yield dynamodb, "UpdateExpressionValidator", _validator
    yield dynamodb, "UpdateExpressionExecutor", _executor
    yield Table, "put_item", _put_item
    yield dynamodb.DynamoDBBackend, "update_item", _update_item
    yield Table, "query", _query
    yield Table, "all_items", _all_items
    yield StreamShard, "get", _records
    yield DynamoDBStreamsBackend, "get_records", _next_records


class _Reader(ConditionExpressionParser):
    """Reads a condition as moto does, and keeps the tree of it."""

    tree: Any = None

    def _make_op_condition(self, node: Any) -> Any:
        self.tree = self.tree or node
        return super()._make_op_condition(node)


_parse_of_moto = ConditionExpressionParser.parse
_trees: dict[tuple[str, frozenset[tuple[str, str]]], Any] = {}


def _parse(parser: ConditionExpressionParser) -> Any:
    # moto reads a condition two or three times with each call; only its values are other ones than before.
    expression, names = parser.condition_expression, parser.expression_attribute_names or {}
    values = parser.expression_attribute_values or {}
    key = (expression or "", frozenset(names.items()))
    if expression and key not in _trees:
        reader = _Reader(expression, names, values)
        _parse_of_moto(reader)
        _trees[key] = reader.tree
    if not expression or not set(parser._find_expr_attr_values(_trees[key])) <= values.keys():
        return _parse_of_moto(parser)
    tree = _with_values(_trees[key], values)
    parser.expr_attr_names_found += parser._find_literals(tree)
    parser.expr_attr_values_found += parser._find_expr_attr_values(tree)
    return parser._make_op_condition(tree)


def _with_values(node: Any, values: Mapping[str, Any]) -> Any:
    if node.kind == ConditionExpressionParser.Kind.EXPRESSION_ATTRIBUTE_VALUE:
        return node._replace(value=values[node.text])
    return node._replace(children=[_with_values(child, values) for child in node.children])


_Parser: Any = vars(expressions)["UpdateExpressionParser"]
_make_of_moto = _Parser.make
_CLAUSES = re.compile(r"(?:SET (?P<set>.+?))?(?: ?REMOVE (?P<remove>[#\w, ]+))?")
_SET = re.compile(r"(?P<name>#?\w+) = (?:(?P<value>:\w+)|if_not_exists\((?P<kept>#?\w+), (?P<first>:\w+)\))")
_RESERVED = frozenset(ReservedKeywords.get_reserved_keywords())


@dataclass(frozen=True)
class _Assignment:
    """``SET name = :value``, or with ``if_not_exists`` to keep an existing value; ``REMOVE name`` has no value."""

    name: str
    value: str | None = None
    is_kept: bool = False


# The name, the value (None removes it), and whether an existing value is kept.
_Changed = tuple[str, DynamoType | None, bool]


class _Change:
    """The changes to an item, in place of a tree that ten processors walk."""

    def __init__(self, item: Item, changes: list[_Changed]) -> None:
        self._item = item
        self._changes = changes

    def validate(self) -> "_Change":
        return self

    def normalize(self) -> None:
        pass

    def execute(self) -> None:
        for name, value, is_kept in self._changes:
            if value is None:
                self._item.attrs.pop(name, None)
            elif not (is_kept and name in self._item.attrs):
                self._item.attrs[name] = value


@cache
def _make(expression: str) -> Any:
    # moto parses an expression twice in each call, and then works on a copy of the tree.
    tree = _make_of_moto(expression)
    tree.assignments = _assignments(expression)
    return tree


def _assignments(expression: str) -> list[_Assignment] | None:
    """Return what an expression does; None where it does more than to set attributes to values and to remove them."""
    clauses = _CLAUSES.fullmatch(expression)
    if not clauses:
        return None
    found = [_SET.fullmatch(each) for each in re.split(r", (?=#?\w+ =)", clauses["set"] or "") if each]
    if not all(each and each["kept"] in {None, each["name"]} for each in found):
        return None
    sets = [_Assignment(each["name"], each["value"] or each["first"], bool(each["kept"])) for each in found if each]
    return sets + [_Assignment(name) for name in (clauses["remove"] or "").split(", ") if name]


def _validator(
    expression: Any,
    expression_attribute_names: dict[str, str],
    expression_attribute_values: dict[str, Any],
    item: Item,
    table: Table,
) -> Any:
    names, values = expression_attribute_names or {}, expression_attribute_values or {}
    changes = _changes(expression.assignments or (), names, values, table)
    if changes:
        return _Change(item, changes)
    return UpdateExpressionValidator(expression, names, values, item, table)


def _changes(
    assignments: Iterable[_Assignment], names: Mapping[str, str], values: Mapping[str, Any], table: Table
) -> list[_Changed]:
    """Return what is changed; nothing where anything is wrong, or may be, which is moto's to judge."""
    changes: list[_Changed] = []
    for each in assignments:
        name = names.get(each.name) if each.name.startswith("#") else each.name
        if (
            name is None
            or (name == each.name and name.upper() in _RESERVED)
            or any(name == other for other, *_ in changes)
        ):
            return []
        value = values.get(each.value) if each.value else None
        if (each.value and not value) or not _fits(table, name, value):
            return []
        changes.append((name, DynamoType(value) if value else None, each.is_kept))
    return changes


def _fits(table: Table, name: str, value: Mapping[str, Any] | None) -> bool:
    """Whether an attribute is no key, or one of an index that gets a value of its type."""
    kinds = [each["AttributeType"] for each in table.attr if each["AttributeName"] == name]
    return name not in table.table_key_attrs and (value is None or all(value.get(kind) for kind in kinds))


def _executor(change: Any, item: Item, names: dict[str, str]) -> Any:
    return change if isinstance(change, _Change) else UpdateExpressionExecutor(change, item, names)


_put_item_of_moto = Table.put_item
_update_item_of_moto = dynamodb.DynamoDBBackend.update_item
_query_of_moto = Table.query
_all_items_of_moto = Table.all_items
_signature_of_query = signature(Table.query)
# What a query that is under way may find: moto looks through all items for it, sorted.
_candidates: ContextVar[list[Item] | None] = ContextVar("_candidates", default=None)

# Items by name and value of a key of an index, then by their own key.
_Index = dict[tuple[str, DynamoType], dict[tuple[DynamoType, DynamoType | None], Item]]
_indices: WeakKeyDictionary[Table, _Index] = WeakKeyDictionary()


def _put_item(table: Table, *args: Any, **kwargs: Any) -> Item:
    item = _put_item_of_moto(table, *args, **kwargs)
    _note(table, item)
    return item


def _update_item(backend: dynamodb.DynamoDBBackend, table_name: str, *args: Any, **kwargs: Any) -> Item:
    item = _update_item_of_moto(backend, table_name, *args, **kwargs)
    _note(backend.get_table(table_name), item)
    return item


def _note(table: Table, item: Item) -> None:
    """Keep an item where queries of an index find it; where it was before it stays, for moto looks at each again."""
    for index in table.global_indexes:
        for key in index.schema:
            if key["KeyType"] == "HASH" and (value := item.attrs.get(key["AttributeName"])):
                _index(table)[key["AttributeName"], DynamoType(value)][item.hash_key, item.range_key] = item


def _index(table: Table) -> _Index:
    return _indices.setdefault(table, defaultdict(dict))


def _query(table: Table, *args: Any, **kwargs: Any) -> Any:
    asked = _signature_of_query.bind(table, *args, **kwargs).arguments
    held: dict[Any, Any] = table.items
    if asked.get("index_name"):
        (condition,) = asked["hash_key_conditions"]
        found = [item for item in _index(table).get(condition, {}).values() if _is_current(table, item)]
    elif table.range_key_attr:
        found = list(held.get(asked["hash_key"], {}).values())
    else:
        found = [held[asked["hash_key"]]] if asked["hash_key"] in held else []
    token = _candidates.set(found)
    try:
        return _query_of_moto(table, *args, **kwargs)
    finally:
        _candidates.reset(token)


_records_of_moto = StreamShard.get
_next_records_of_moto = DynamoDBStreamsBackend.get_records


def _records(shard: StreamShard, start: int, quantity: int) -> list[dict[str, Any]]:
    # Who reads on does not come back: what lies before is kept by moto for ever.
    place = start - shard.starting_sequence_number
    while place > 0 and (items := cast("list[Any]", shard.items))[place - 1] is not None:
        place -= 1
        items[place] = None
    return _records_of_moto(shard, start, quantity)


def _next_records(backend: DynamoDBStreamsBackend, iterator_arn: str, limit: int) -> dict[str, Any]:
    # Nor is an iterator used twice.
    answer = _next_records_of_moto(backend, iterator_arn, limit)
    del backend.shard_iterators[iterator_arn]
    return answer


def _is_current(table: Table, item: Item) -> bool:
    held: Any = table.items.get(item.hash_key)
    return (held.get(item.range_key) if held and table.range_key_attr else held) is item


def _all_items(table: Table) -> list[Item]:
    candidates = _candidates.get()
    if candidates is None:
        return _all_items_of_moto(table)
    return sorted(candidates, key=lambda item: (item.hash_key, item.range_key) if item.range_key else item.hash_key)
