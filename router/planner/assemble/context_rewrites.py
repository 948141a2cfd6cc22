"""Context rewrites: where the values of @fromContext arguments are, seen from the objects of a request."""

from __future__ import annotations

from collections.abc import Iterator

from router.operation import Field
from router.plan import PARENT, KeyRenamer, Path, Rewrite, TypeCondition
from router.planner.fetch_graph.steps import FetchStep
from router.planner.response_keys import ResponseKeys


def context_rewrites(step: FetchStep) -> tuple[Rewrite, ...]:
    """One `..` for each object between the request's path and the one that sets the context."""
    rewrites: list[Rewrite] = []
    for name, context, path in step.contexts:
        setter = context.position
        up = _objects(path) - _objects(setter.path)
        base: Path = (PARENT,) * up
        for on, below in _leaves(context.selections, setter.keys, setter.type_name):
            of_type = on or setter.type_name
            narrowed: Path = (TypeCondition((of_type,)),) if up or on else ()
            rewrites.append(KeyRenamer((*base, *narrowed, *below), name))
    return tuple(rewrites)


def _objects(path: Path) -> int:
    return sum(1 for step in path if isinstance(step, str))


def _leaves(
    fields: tuple[Field, ...], keys: ResponseKeys, type_name: str
) -> Iterator[tuple[str | None, Path]]:
    for field in fields:
        key = keys.aliases.get((field.name, field.arguments, field.on or type_name), field.key)
        if not field.children:
            yield field.on, (key,)
            continue
        assert field.definition is not None
        named = field.definition.named_type
        for _, below in _leaves(field.children, keys.below(key, named), named):
            yield field.on, (key, *below)
