"""The short way through execution answers what graphql-core's whole way answers, errors and their places
included.
"""

# mypy: disable-error-code="untyped-decorator"
# Strawberry types @field, but not @field(…) with arguments.

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import pytest
import strawberry
from graphql import execute, parse
from strawberry import federation

from subgraphs.kit.federation import FederatedSchema


@strawberry.enum(description="How bright.")
class Light(Enum):
    DIM = "dim"
    BRIGHT = "bright"


@federation.type(keys=["id"], description="A lamp.")
class Lamp:
    id: strawberry.ID = strawberry.field(description="Its own.")
    light: Light = strawberry.field(description="How bright it is.")
    watts: int = strawberry.field(description="What it takes.")
    note: str | None = strawberry.field(description="What is written on it.")

    @strawberry.field(description="Its name with something added.")
    def name(self, suffix: str = "!", times: int | None = None) -> str:
        return f"{self.id}{suffix * (times or 1)}"

    @strawberry.field(description="As bright as this?")
    async def is_light(self, light: Light) -> bool:
        return self.light is light

    @strawberry.field(description="Never known.")
    async def broken(self) -> int | None:
        raise ValueError("broken")


LAMPS: dict[str, Lamp] = {
    "good": Lamp(id=strawberry.ID("a"), light=Light.DIM, watts=3, note=None),
    "null": Lamp(id=strawberry.ID("b"), light=Light.DIM, watts=None, note="x"),  # type: ignore[arg-type]
    "text": Lamp(id=strawberry.ID("c"), light=Light.DIM, watts="many", note="x"),  # type: ignore[arg-type]
    "stranger": Lamp(id=strawberry.ID("d"), light="dim", watts=3, note=7),  # type: ignore[arg-type]
}


T = TypeVar("T")


@strawberry.type(description="What holds something.")
class Box(Generic[T]):
    value: T = strawberry.field(description="What it is.")


@strawberry.type(description="What a lamp is to who only sees its name.")
class Shade:
    id: strawberry.ID = strawberry.field(description="The lamp's.")


Thing = Annotated[Lamp | Shade | Box[int] | Box[str], strawberry.union("Thing")]


def lamp(name: str) -> Lamp:
    return Lamp(id=strawberry.ID(name), light=Light.DIM, watts=1, note=None)


@strawberry.type(description="What can be asked.")
class Query:
    @strawberry.field(description="Of several types, some of the same class.")
    def things(self) -> list[Thing]:
        shade: Any = strawberry.cast(Shade, lamp("s"))
        return [lamp("a"), shade, lamp("b"), Box(value=1), Box(value="x"), Box(value=2), shade]

    @strawberry.field(description="A lamp.")
    async def lamp(self, which: str) -> Lamp | None:
        return LAMPS[which]

    @strawberry.field(description="Lamps.")
    def lamps(self, which: list[str]) -> list[Lamp | None]:
        return [LAMPS[each] for each in which]


SCHEMA = FederatedSchema(Query, references={})
PLAIN: Any = strawberry.federation.Schema(Query)
FIELDS = "id light watts note __typename"


@pytest.mark.parametrize("which", sorted(LAMPS))
@pytest.mark.parametrize("selection", [FIELDS, "light", "note", "a: watts b: watts", "name watts"])
async def test_an_attribute_is_answered_as_graphql_core_answers_it(which: str, selection: str) -> None:
    await _same(f'{{ lamp(which: "{which}") {{ {selection} }} }}')


@pytest.mark.parametrize(
    "query",
    [
        '{ lamp(which: "good") { broken id } }',
        '{ lamp(which: "absent") { id } }',
        '{ lamps(which: ["good", "null", "text"]) { watts name(times: 3) isLight(light: DIM) } }',
        '{ lamp(which: "good") { name(suffix: "?") b: name(times: null) ...F } } fragment F on Lamp { note }',
        '{ lamps(which: ["good", "good"]) { name broken isLight(light: BRIGHT) @skip(if: true) } }',
    ],
)
async def test_a_resolver_is_called_as_strawberry_calls_it(query: str) -> None:
    await _same(query)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"s": "?"},
        {"s": None},
        {"t": 2},
        {"t": None},
        {"s": "?", "t": 3},
        {"l": "BRIGHT"},
        {"w": ["null"]},
    ],
)
async def test_variables_are_arguments_as_graphql_core_has_them(given: dict[str, Any]) -> None:
    query = """query($s: String = "-", $t: Int, $l: Light! = DIM, $w: [String!]! = ["good"]) {
        lamps(which: $w) { name(suffix: $s, times: $t) b: name(times: $t) c: name(times: 2, suffix: $s)
            isLight(light: $l) }
    }"""
    for _ in range(2):
        await _same(query, given)


async def test_an_object_of_a_union_is_of_its_type_also_when_its_class_was_of_another() -> None:
    query = "{ things { kind: __typename ... on Lamp { id } ... on Shade { id } } }"
    for _ in range(2):  # the second time what is known of classes is there from the start
        await _same(query)
    answer: Any = (await SCHEMA.run(SCHEMA.documents.get(query), {}, None, None)).data
    kinds = ["Lamp", "Shade", "Lamp", "IntBox", "StrBox", "IntBox", "Shade"]
    assert [thing["kind"] for thing in answer["things"]] == kinds


async def _same(query: str, variables: dict[str, Any] | None = None) -> None:
    ours = await SCHEMA.run(SCHEMA.documents.get(query), variables or {}, None, None)
    theirs: Any = execute(PLAIN._schema, parse(query), variable_values=variables)
    theirs = await theirs if hasattr(theirs, "__await__") else theirs
    assert json.dumps(ours.data) == json.dumps(theirs.data), "the order of fields counts"
    assert [error.formatted for error in ours.errors or ()] == [
        error.formatted for error in theirs.errors or ()
    ]
