"""Random operations over resolvers that fail at random: the same answer as graphql-core's executor gives.

Of several errors that null one place graphql-core tells the first in time and ours the first in the answer's
order, so errors are compared by the places that they null.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from collections.abc import Iterable, Iterator
from random import Random
from typing import Annotated, Any, TypeAlias
from zlib import crc32

import pytest
import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    execute,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    parse,
)

from subgraphs.kit.federation import FederatedSchema

OPERATIONS = 200


def fate(seed: int, *parts: object) -> int:
    """The same for both executors."""
    return crc32(repr((seed, *parts)).encode()) % 100


def happen(seed: int, *parts: object) -> bool:
    """False when the value is null. Raises when it fails."""
    number = fate(seed, *parts)
    if number < 4:
        raise ValueError(f"{parts} failed")
    return number >= 9


@strawberry.interface(description="Anything with a name.")
class Named:
    name: str = strawberry.field(description="Its name.")


class Made:
    """What both kinds of thing have."""

    def seed_of(self, field: str) -> tuple[int, str, str]:
        return self.seed, self.name, field  # type: ignore[attr-defined]


@strawberry.type(description="A leaf.")
class Leaf(Named, Made):
    seed: strawberry.Private[int]
    size: int | None = strawberry.field(description="Its size.")

    @strawberry.field(description="What it hangs on.")
    async def branch(self) -> Branch | None:
        await asyncio.sleep(0)
        return branch(self.seed, self.name + "b") if happen(*self.seed_of("branch")) else None


@strawberry.type(description="A branch.")
class Branch(Named, Made):
    seed: strawberry.Private[int]
    first: Leaf | None = strawberry.field(description="An attribute.")
    sizes: list[int | None] = strawberry.field(description="Numbers.")

    @strawberry.field(description="No null may be here.")
    async def sure(self) -> Leaf:
        return leaf(self.seed, self.name + "s") if happen(*self.seed_of("sure")) else None  # type: ignore[return-value]

    @strawberry.field(description="A list that is there, of what may be missing.")
    def leaves(self, number: int = 2) -> list[Leaf | None]:
        made = [f"{self.name}{index}" for index in range(number)]
        return [leaf(self.seed, name) if happen(self.seed, name) else None for name in made]

    @strawberry.field(description="Lists of lists.")
    async def rows(self) -> list[list[Leaf]] | None:
        if not happen(*self.seed_of("rows")):
            return None
        return [[leaf(self.seed, f"{self.name}{row}{at}") for at in range(row)] for row in range(3)]

    @strawberry.field(description="Either.")
    async def things(self) -> list[Thing] | None:
        happen(*self.seed_of("things"))
        return [leaf(self.seed, self.name + "l"), branch(self.seed, self.name + "t")]

    @strawberry.field(description="Some name.")
    def named(self) -> Named | None:
        return leaf(self.seed, self.name + "n") if happen(*self.seed_of("named")) else None


Thing: TypeAlias = Annotated[Leaf | Branch, strawberry.union("Thing", description="A leaf or a branch.")]


def leaf(seed: int, name: str) -> Leaf:
    size: Any = "no number" if fate(seed, name, "size") < 3 else len(name)
    return Leaf(seed=seed, name=name, size=size)


def branch(seed: int, name: str) -> Branch:
    name_or_null: Any = None if fate(seed, name, "name") < 5 else name
    sizes: list[Any] = [1, None, "no number"][: 2 + (fate(seed, name, "sizes") < 10)]
    return Branch(seed=seed, name=name_or_null, first=leaf(seed, f"{name}f"), sizes=sizes)


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="A branch.")
    async def root(self, seed: int) -> Branch | None:
        return branch(seed, "r")

    @strawberry.field(description="A branch that is there.")
    def there(self, seed: int) -> Branch:
        return branch(seed, "t")


@strawberry.type(description="What can be done.")
class Mutation:
    @strawberry.mutation(description="Makes a branch.")
    async def grow(self, seed: int) -> Branch | None:
        return branch(seed, "g") if happen(seed, "grow") else None


OURS = FederatedSchema(Query, Mutation, references={}, types=[Leaf, Branch])
THEIRS: Any = strawberry.federation.Schema(Query, Mutation, types=[Leaf, Branch])


def operation(random: Random) -> str:
    kind = random.choice(["query", "query", "mutation"])
    root = THEIRS._schema.query_type if kind == "query" else THEIRS._schema.mutation_type
    text = f"{kind} ($seed: Int!, $yes: Boolean!, $no: Boolean = false) {{ {selections(random, root, 5)} }}"
    return f"{text} fragment L on Leaf {{ size again: name branch {{ name }} }}"


def selections(random: Random, kind: Any, depth: int) -> str:
    return " ".join([f"t{depth}: __typename", *_selected(random, kind, depth)])


def _selected(random: Random, kind: Any, depth: int) -> Iterable[str]:
    for _ in range(random.randint(1, 4)):
        name = random.choice([each for each in sorted(kind.fields) if each != "_service"])
        field = kind.fields[name]
        inner = get_named_type(field.type)
        if depth == 0 and not is_leaf_type(inner):
            continue
        given = "(seed: $seed)" if "seed" in field.args else "(number: 3)" if "number" in field.args else ""
        alias = random.choice(["", f"a{random.randint(0, 99)}_{name}_{depth}: "])
        condition = random.choice(["", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: $yes)"])
        yield f"{alias}{name}{given}{condition}{_below(random, inner, depth)}"


def _below(random: Random, kind: Any, depth: int) -> str:
    if is_leaf_type(kind):
        return ""
    if not is_abstract_type(kind):
        spread = " ...L" if kind.name == "Leaf" and random.random() < 0.3 else ""
        return f" {{ {selections(random, kind, depth - 1)}{spread} }}"
    types = sorted(THEIRS._schema.get_possible_types(kind), key=str)
    parts = (f"... on {each} {{ {selections(random, each, depth - 1)} }}" for each in types)
    return f" {{ k: __typename {' '.join(parts)} }}"


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """When the event loops of the tests are closed, and hold nothing any more."""
    yield
    _forget_what_graphql_core_left()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # graphql-core leaves some
@pytest.mark.parametrize("start", range(0, OPERATIONS, 50))
async def test_random_operations_are_answered_as_graphql_core_answers_them(start: int) -> None:
    failed = 0
    for seed in range(start, start + 50):
        text = operation(Random(seed))
        variables = {"seed": seed, "yes": bool(seed % 2)}
        prepared = OURS.documents.get(text)
        if prepared.errors:
            continue
        ours = await OURS.run(prepared, variables, None, None)
        theirs: Any = execute(THEIRS._schema, parse(text), variable_values=variables)
        theirs = await theirs if hasattr(theirs, "__await__") else theirs
        assert json.dumps(ours.data) == json.dumps(theirs.data), text
        assert nulled(ours) == nulled(theirs), text
        failed += bool(theirs.errors)
    _forget_what_graphql_core_left()
    assert failed > 5, "operations without any error prove little"


async def test_what_fails_leaves_nothing_unawaited() -> None:
    _forget_what_graphql_core_left()
    for seed in range(100):
        prepared = OURS.documents.get(operation(Random(seed)))
        if not prepared.errors:
            await OURS.run(prepared, {"seed": seed, "yes": True}, None, None)
    gc.collect()  # a coroutine that was never awaited is a warning now, and a warning is a failure


def _forget_what_graphql_core_left() -> None:
    """Coroutines that nobody awaits: found later, they would be another test's failure."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def nulled(result: ExecutionResult) -> set[tuple[str | int, ...]]:
    return {_nulled(result.data, error) for error in result.errors or ()}


def _nulled(data: Any, error: GraphQLError) -> tuple[str | int, ...]:
    """How far the error's path goes before there is nothing."""
    at: list[str | int] = []
    for step in error.path or ():
        if data is None:
            break
        data = data[step]
        at.append(step)
    assert data is None, error
    return tuple(at)
