"""Context rewrites: where the values of @fromContext arguments are, seen from the objects of a request."""

from __future__ import annotations

from collections.abc import Iterator

from router.operation import Field
from router.plan import KeyRenamer, Path, Rewrite
from router.planner.data import DataNode
from router.planner.fetch_graph import Group


def context_rewrites(group: Group) -> tuple[Rewrite, ...]:
    """One `..` for each object between the request's path and the one that sets the context."""
    rewrites: list[Rewrite] = []
    for name, context, path in group.contexts:
        setter = context.position
        up = _objects(path) - _objects(setter.path)
        base: Path = ("..",) * up
        for on, keys in _leaves(context.selections, setter.data, setter.type_name):
            of_type = on or setter.type_name
            cast = (f"... on {of_type}",) if up or on else ()
            rewrites.append(KeyRenamer((*base, *cast, *keys), name))
    return tuple(rewrites)


def _objects(path: Path) -> int:
    return sum(1 for step in path if not step.startswith("@"))


def _leaves(fields: tuple[Field, ...], data: DataNode, type_name: str) -> Iterator[tuple[str | None, Path]]:
    for field in fields:
        key = data.aliases.get((field.name, field.arguments, field.on or type_name), field.key)
        if not field.children:
            yield field.on, (key,)
            continue
        assert field.definition is not None
        named = field.definition.named_type
        for _, below in _leaves(field.children, data.child(key, named), named):
            yield field.on, (key, *below)
