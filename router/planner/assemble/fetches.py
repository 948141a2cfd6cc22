"""Requests → `Fetch` and `BatchFetch`.

Entity steps that ask the same become one part of a batch with several paths; a batch of one part at one path
is a plain `Fetch`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from router.operation import Operation, Variable
from router.operation.minify import joined
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import (
    Asked,
    AskedField,
    BatchFetch,
    EntityBatch,
    Fetch,
    Flatten,
    PartAlone,
    Path,
    RequiredSelection,
    Rewrite,
)
from router.planner.assemble.context_rewrites import context_rewrites
from router.planner.assemble.print_operation import print_operation, used_variables
from router.planner.assemble.representations import input_rewrites, required_selections
from router.planner.assemble.requests import Request
from router.planner.fetch_graph.print_step import Body, print_entities, print_root
from router.planner.fetch_graph.steps import FetchStep
from schema.supergraph import Supergraph, TypeKind

ENTITIES: Final = "_entities"
NO_DEFAULTS: Final[frozenset[str]] = frozenset()
_NOT_A_NAME = re.compile(r"[^_0-9A-Za-z]")


@dataclass(eq=False, slots=True)
class Part:
    """One aliased `_entities` field of a BatchFetch, while it is put together."""

    step: FetchStep
    body: Body
    requires: tuple[RequiredSelection, ...]
    rewrites: tuple[Rewrite, ...]
    conditions: Conditions
    paths: list[Path] = field(default_factory=list)
    known_types: list[str | None] = field(default_factory=list)
    """Of the objects at each path."""


class Fetches:
    """Writes the requests of one plan, and numbers them."""

    def __init__(self, operation: Operation, supergraph: Supergraph) -> None:
        self.operation = operation
        self.names = tuple(subgraph.name for subgraph in supergraph.subgraphs)
        self.supergraph = supergraph
        self.count = 0

    def write(self, request: Request) -> None:
        """Sets the request's node, and the conditions that gate it."""
        if len(request.steps) == 1:
            step = request.steps[0]
            request.conditions = step.conditions
            fetch = self._fetch(step, request.id)
            request.node = Flatten(step.path, fetch) if step.path or step.kind is None else fetch
            return
        parts = self._parts(request.steps)
        request.conditions = frozenset.intersection(*(part.conditions for part in parts))
        if len(parts) == 1 and len(parts[0].paths) == 1:
            request.node = Flatten(parts[0].paths[0], self._fetch_part(parts[0], request.id))
        else:
            request.node = self._batch(parts, request.conditions, request.id)

    def _head(self, kind: str, graph: int) -> tuple[str, str | None]:
        """`query Name__subgraph__3`, numbered only when the client's operation has a name."""
        number, self.count = self.count, self.count + 1
        if self.operation.name is None:
            return kind, None
        name = f"{self.operation.name}__{_NOT_A_NAME.sub('_', self.names[graph])}__{number}"
        return f"{kind} {name}", name

    def _fetch(self, step: FetchStep, identity: str | None) -> Fetch:
        body = print_entities(step) if step.kind is None else print_root(step)
        kind = step.kind or "query"
        directives, of_directives = self.operation.directives_on(kind)
        variables = used_variables(body.variables | of_directives, self.operation.variables)
        contexts = [(name, context.argument.type) for name, context, _ in step.contexts]
        head, name = self._head(kind, step.graph)
        text, asked = body.text, body.asked
        representations: list[str] = []
        if step.kind is None:
            representations.append("representations")
            text = f"{{_entities(representations:$representations){text}}}"
            asked = (_asked_entities(ENTITIES, body),)
        return Fetch(
            service_name=self.names[step.graph],
            operation=print_operation(head, text, representations, variables, contexts, directives),
            operation_kind=kind,
            operation_name=name,
            variable_usages=(*(v.name for v in variables), *(name for name, _ in contexts)),
            requires=required_selections(step) if step.kind is None else (),
            id=identity,
            input_rewrites=input_rewrites(step),
            output_rewrites=tuple(step.output_rewrites),
            context_rewrites=context_rewrites(step),
            known_type=step.known_type,
            asked=Asked(asked, _defaulted(variables)),
        )

    def _fetch_part(self, part: Part, identity: str | None) -> Fetch:
        fetch = self._fetch(part.step, identity)
        return replace(fetch, requires=part.requires, input_rewrites=part.rewrites)

    # Batches

    def _parts(self, steps: list[FetchStep]) -> list[Part]:
        """Steps that ask the same become one part with several paths; those that ask the same at the same
        paths of different object types, one part with a representation for each type.
        """
        parts: dict[object, Part] = {}
        for step in steps:
            body = print_entities(step)
            requires = required_selections(step)
            rewrites = input_rewrites(step)
            same = (body.text, requires, rewrites, step.conditions)
            known = parts.get(same)
            if known is None:
                known = parts[same] = Part(step, body, requires, rewrites, step.conditions)
            known.paths.append(step.path)
            known.known_types.append(step.known_type)
        return self._one_per_selection(parts.values())

    def _one_per_selection(self, parts: Iterable[Part]) -> list[Part]:
        merged: dict[object, Part] = {}
        for part in parts:
            concrete = all(self._is_object(r.on) for r in part.step.requires.values())
            same = (part.body.text, part.conditions, tuple(part.paths)) if concrete else part
            known = merged.setdefault(same, part)
            if known is not part:
                known.requires += part.requires
                known.rewrites += part.rewrites
        return list(merged.values())

    def _is_object(self, type_name: str) -> bool:
        return self.supergraph.types[type_name].kind is TypeKind.OBJECT

    def _batch(self, parts: list[Part], common: Conditions, identity: str | None) -> BatchFetch:
        graph = parts[0].step.graph
        directives, of_directives = self.operation.directives_on("query")
        used = of_directives.union(*(p.body.variables for p in parts))
        variables = used_variables(used, self.operation.variables)
        aliases = self._aliases(len(parts))
        head, operation_name = self._head("query", graph)
        texts = [
            f"{alias}:_entities(representations:${alias}){part.body.text}"
            for alias, part in zip(aliases, parts, strict=True)
        ]
        alone = [
            self._alone(head, alias, text, part)
            for alias, text, part in zip(aliases, texts, parts, strict=True)
        ]
        return BatchFetch(
            service_name=self.names[graph],
            operation=print_operation(
                head, "{" + joined(texts) + "}", aliases, variables, directives=directives
            ),
            entities=tuple(
                _entity_batch(alias, part, common, own)
                for alias, part, own in zip(aliases, parts, alone, strict=True)
            ),
            operation_name=operation_name,
            variable_usages=tuple(variable.name for variable in variables),
            id=identity,
            asked=Asked(
                tuple(_asked_entities(alias, part.body) for alias, part in zip(aliases, parts, strict=True)),
                _defaulted(variables),
            ),
        )

    def _alone(self, head: str, alias: str, text: str, part: Part) -> PartAlone:
        directives, of_directives = self.operation.directives_on("query")
        variables = used_variables(of_directives | part.body.variables, self.operation.variables)
        body = "{" + text + "}"
        operation = print_operation(head, body, [alias], variables, directives=directives)
        return PartAlone(operation, tuple(variable.name for variable in variables))

    def _aliases(self, count: int) -> list[str]:
        """`a0 a1 …`, which are the variables too: names that the client's variables leave free."""
        aliases = [f"a{number}" for number in range(count)]
        while any(alias in self.operation.variables for alias in aliases):
            aliases = [f"_{alias}" for alias in aliases]
        return aliases


def _entity_batch(alias: str, part: Part, common: Conditions, alone: PartAlone) -> EntityBatch:
    return EntityBatch(
        alias=alias,
        variable=alias,
        paths=tuple(part.paths),
        requires=part.requires,
        input_rewrites=part.rewrites,
        output_rewrites=tuple(part.step.output_rewrites),
        condition=tuple(sorted(part.conditions - common)),
        known_types=tuple(part.known_types) if any(part.known_types) else (),
        alone=alone,
    )


def _asked_entities(key: str, body: Body) -> AskedField:
    return AskedField(key, ENTITIES, NO_CONDITIONS, body.asked)


def _defaulted(variables: Iterable[Variable]) -> frozenset[str]:
    names = [variable.name for variable in variables if variable.has_default]
    return frozenset(names) if names else NO_DEFAULTS
