"""What subgraphs were asked for that the caller may not have. Keys travel between subgraphs and are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_abstract_type,
    parse,
    visit,
)

from tests.support.authorization.judge import Judge
from tests.support.authorization.protect import Caller
from tests.support.differential.subgraphs import FakeSubgraph


def leaks(judge: Judge, caller: Caller, subgraphs: Mapping[str, FakeSubgraph]) -> Iterator[str]:
    for name, subgraph in subgraphs.items():
        for query, _ in subgraph.requests:
            for type_name, field in _asked(subgraph, query):
                if _is_leak(judge, caller, type_name, field):
                    yield f"{name} was asked for {type_name}.{field}: {query}"


def _is_leak(judge: Judge, caller: Caller, type_name: str, name: str) -> bool:
    known = judge.schema.get_type(type_name)
    if not isinstance(known, GraphQLObjectType) or name not in known.fields:
        return False
    return not _is_key(judge, type_name, name) and not judge.may_read(caller, type_name, name)


def _is_key(judge: Judge, type_name: str, name: str) -> bool:
    """Part of a key of the type, or of a value type that only keys select."""
    if type_name.endswith("Ref"):
        return True
    type_ = judge.model.types[type_name]
    keys = [key.fields for declared in type_.keys.values() for key in declared]
    return any(name in key.replace("{", " ").replace("}", " ").split() for key in keys)


def _asked(subgraph: FakeSubgraph, query: str) -> Iterator[tuple[str, str]]:
    """Object type and field, for every object type of the subgraph that the field may be of."""
    info = TypeInfo(subgraph.schema)
    found: list[tuple[str, str]] = []

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent = info.get_parent_type()
            if parent is None or node.name.value.startswith("_"):
                return
            named: Any = get_named_type(parent)
            types = subgraph.schema.get_possible_types(named) if is_abstract_type(named) else [named]
            if len(types) == 1:
                found.append((types[0].name, node.name.value))

    visit(parse(query), TypeInfoVisitor(info, Fields()))
    yield from dict.fromkeys(found)
