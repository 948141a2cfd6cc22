"""What two supergraphs differ in, one line per element: `+ User.email: String`, `- …`, `~ … → …`."""

from __future__ import annotations

from collections.abc import Iterator

from schema import Supergraph
from schema.supergraph import SupergraphField, SupergraphType

MAX_LINES = 20


def differences(before: Supergraph, after: Supergraph) -> Iterator[str]:
    """In the order of the names; many are cut short with their number. O(size · log size)."""
    found = list(_all(dict(_elements(before)), dict(_elements(after))))
    yield from found[:MAX_LINES]
    if len(found) > MAX_LINES:
        yield f"… and {len(found) - MAX_LINES} more"


def _all(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name), after.get(name)
        if old is None:
            yield f"+ {name}{new}"
        elif new is None:
            yield f"- {name}{old}"
        elif old != new:
            yield f"~ {name}{old} → {new.removeprefix(': ')}"


def _elements(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    """Schema coordinate → what follows it."""
    for subgraph in supergraph.subgraphs:
        yield f"subgraph {subgraph.name}", f" {subgraph.url}".rstrip()
    for type_ in supergraph.types.values():
        yield type_.name, f" ({type_.kind})"
        yield from _members(type_)


def _members(type_: SupergraphType) -> Iterator[tuple[str, str]]:
    for field in type_.fields.values():
        yield f"{type_.name}.{field.name}", f"{_arguments(field)}: {field.type}"
    for value in type_.values:
        yield f"{type_.name}.{value}", ""
    for member in sorted({name for _, name in type_.members}):
        yield f"{type_.name} | {member}", ""


def _arguments(field: SupergraphField) -> str:
    shown = ", ".join(f"{a.name}: {a.type}" for a in field.arguments.values())
    return f"({shown})" if shown else ""
