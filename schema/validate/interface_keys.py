"""A @key on an interface is a @key of everything that implements it, so that entities can be found through
it.
"""

from __future__ import annotations

from collections.abc import Iterator

from schema.language.nodes import FieldNode, SelectionNode
from schema.model.definitions import InterfaceType, ObjectType, applied
from schema.model.field_set import FieldSetProblem, parse_field_set
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.report.wording import listed
from schema.subgraph.facts import fields_argument
from schema.subgraph.states import Subgraph


def check_interface_keys(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every key of every interface, against the keys of its implementations."""
    for interface in subgraph.schema.interface_types():
        for key in applied(interface, subgraph.names.key):
            wanted = _canonical(fields_argument(key))
            if wanted is None:
                continue
            resolvable = key.arguments.get("resolvable") is not False
            missing: list[ObjectType] = []
            not_resolvable: list[ObjectType] = []
            for type_ in subgraph.schema.implementations(interface.name):
                keys = applied(type_, subgraph.names.key)
                matching = [other for other in keys if _canonical(fields_argument(other)) in (wanted, None)]
                if not matching:
                    missing.append(type_)
                elif resolvable and matching[0].arguments.get("resolvable") is False:
                    not_resolvable.append(type_)
            _report(interface, key.at, fields_argument(key), missing, not_resolvable, report)


def _report(
    interface: InterfaceType,
    at: int,
    fields: str,
    missing: list[ObjectType],
    not_resolvable: list[ObjectType],
    report: SubgraphReport,
) -> None:
    types = missing or not_resolvable
    if not types:
        return
    names = listed([f'"{type_.name}"' for type_ in types])
    problem = f"{names} lacks" if len(types) == 1 else f"{names} lack"
    if not missing:
        problem = f"it is not resolvable on {names}"
        message = f'the interface "{interface.name}" has a resolvable key "{fields}", but {problem}.'
    else:
        message = f'the interface "{interface.name}" has the key "{fields}", which {problem}.'
    report.add(ErrorCode.INTERFACE_KEY_NOT_ON_IMPLEMENTATION, message, at, *(type_.at for type_ in types))


def _canonical(fields: str) -> frozenset[tuple[str, ...]] | None:
    """Equal for field sets that select the same fields, in any order and however often; None for what is not
    a field set.
    """
    try:
        return frozenset(_paths(parse_field_set(fields)))
    except FieldSetProblem:
        return None


def _paths(nodes: tuple[SelectionNode, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        step = node.name if isinstance(node, FieldNode) else f"... {node.condition}"
        yield from ((step, *below) for below in (_paths(node.selections) if node.selections else ((),)))
