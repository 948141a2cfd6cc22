"""One case: a composed random schema with an operation, answered both ways and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from router import Router
from router.planner import QueryPlanner
from schema import CompositionError, SubgraphDefinition, compose
from tests.support.differential.generate import generate_model
from tests.support.differential.merged import MergedSchema
from tests.support.differential.model import Model
from tests.support.differential.operations import Operation, generate_operation
from tests.support.differential.sdl import subgraph_sdl
from tests.support.differential.subgraphs import FakeSubgraph
from tests.support.differential.world import World
from tests.support.plan_checker.supergraph import Supergraph


@dataclass(frozen=True, slots=True)
class Composed:
    supergraph_sdl: str
    api_schema_sdl: str


Path = list[str | int]
Compose = Callable[[Mapping[str, str]], Composed | None]
"""Subgraph SDLs by name to the supergraph; None when they do not compose."""


def compose_here(subgraphs: Mapping[str, str]) -> Composed | None:
    definitions = [SubgraphDefinition(name=n, url=f"http://{n}.invalid", sdl=s) for n, s in subgraphs.items()]
    try:
        result = compose(definitions)
    except CompositionError:
        return None
    return Composed(result.supergraph_sdl, result.api_schema_sdl)


@dataclass(frozen=True, slots=True)
class Judge:
    """What judges this schema's plans, made once: a planner and the checker's supergraph."""

    planner: QueryPlanner
    supergraph: Supergraph


@dataclass(slots=True)
class Scenario:
    """A random schema that composes, its data, and its subgraphs."""

    model: Model
    composed: Composed
    world: World
    merged: MergedSchema
    subgraphs: dict[str, FakeSubgraph]
    _judge: Judge | None = None

    @classmethod
    def of(cls, seed: int, compose: Compose = compose_here) -> Scenario | None:
        """None when the schema of this seed does not compose or has no answers. In every third world some
        resolvers fail.
        """
        return cls.over(generate_model(seed), compose, faulty=seed % 3 == 2)

    @classmethod
    def sound(cls, seed: int) -> Scenario | None:
        """Without resolvers that fail."""
        return cls.over(generate_model(seed), compose_here)

    @classmethod
    def over(cls, model: Model, compose: Compose, faulty: bool = False) -> Scenario | None:
        composed = compose({name: subgraph_sdl(model, name) for name in model.subgraphs})
        if composed is None:
            return None
        world = World(model, faulty=faulty)
        if not world.has_truth():
            return None
        subgraphs = {name: FakeSubgraph(model, world, name) for name in model.subgraphs}
        return cls(model, composed, world, MergedSchema(composed.api_schema_sdl), subgraphs)

    def judge(self) -> Judge:
        if self._judge is None:
            sdl = self.composed.supergraph_sdl
            self._judge = Judge(QueryPlanner(sdl), Supergraph(sdl, self.world.labels))
        return self._judge

    def operation(self, number: int) -> Operation:
        return generate_operation(self.merged.schema, self.model.seed * 1000 + number)


@dataclass(slots=True)
class Difference:
    """What a failing case shows; `str` holds everything needed to replay it."""

    seed: int
    operation: Operation
    expected: Any
    response: Mapping[str, Any]
    requests: list[tuple[str, str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        sent = "\n".join(f"  {name}: {query}\n    {variables}" for name, query, variables in self.requests)
        return (
            f"schema seed {self.seed}\n{pretty(self.operation.text)}\n"
            f"variables {_json(self.operation.variables)}\n"
            f"expected {_json(self.expected)}\ngot      {_json(self.response)}\nrequests\n{sent}"
        )


async def difference(router: Router, scenario: Scenario, operation: Operation) -> Difference | None:
    """None when the routed answer equals the merged one, order of keys included."""
    scenario.world.mutations = 0
    expected, paths = scenario.merged.execute(scenario.world, operation.text, operation.variables)
    scenario.world.mutations = 0
    for subgraph in scenario.subgraphs.values():
        subgraph.requests.clear()
    response = await router.execute({"query": operation.text, "variables": operation.variables})
    got = [error.get("path", []) for error in response.get("errors", ())]
    faults = _same_faults(paths, got, asked_paths(operation.text))
    if _json(response.get("data")) == _json(expected) and faults:
        return None
    requests = [
        (name, query, variables)
        for name, subgraph in scenario.subgraphs.items()
        for query, variables in subgraph.requests
    ]
    return Difference(scenario.model.seed, operation, expected, response, requests)


def _same_faults(expected: list[Path], got: list[Path], asked: set[tuple[str, ...]]) -> bool:
    """Faults are told where there are some, each at the place of one or above it.

    A fault of a field fetched only for another's sake is told at that field, which the client did not ask.
    Equal representations are sent once, so the same fault in several places may be told once.
    """
    if expected and not got:
        return False
    own = [path for path in got if not (keys := _keys(path)) or keys in asked]
    return all(any(_tells(path, place) for place in expected) for path in own)


def asked_paths(text: str) -> set[tuple[str, ...]]:
    """Paths of response keys the operation selects, on whatever type and under whatever condition."""
    document = parse(text)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    found: set[tuple[str, ...]] = set()

    def walk(selection_set: SelectionSetNode, path: tuple[str, ...]) -> None:
        for selection in selection_set.selections:
            match selection:
                case FieldNode():
                    below = (*path, (selection.alias or selection.name).value)
                    found.add(below)
                    if selection.selection_set:
                        walk(selection.selection_set, below)
                case InlineFragmentNode():
                    walk(selection.selection_set, path)
                case FragmentSpreadNode():
                    walk(fragments[selection.name.value].selection_set, path)

    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            walk(definition.selection_set, ())
    return found


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(key for key in path if isinstance(key, str))


def _tells(path: Path, place: Path) -> bool:
    return path == place[: len(path)] or path[: len(place) - 1] == place[:-1]


def pretty(text: str) -> str:
    return print_ast(parse(text))


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
