"""The fake subgraphs of the differential test answer strictly; the generator is a function of its seed."""

from __future__ import annotations

from typing import Any

from tests.support.differential.generate import generate_model
from tests.support.differential.model import Declaration, Field, Key, Model, Type
from tests.support.differential.operations import Operation
from tests.support.differential.sdl import subgraph_sdl
from tests.support.differential.shrink import shrink
from tests.support.differential.subgraphs import FakeSubgraph
from tests.support.differential.world import Obj, World, required_answer


def shop() -> Model:
    """`a` owns Product.name, `b` computes Product.label from it and provides it through Query.best."""
    product = Type("Product", subgraphs=["a", "b"], keys={"a": [Key("id")], "b": [Key("id")]})
    for name, type_, declared in (
        ("id", "ID!", {"a": Declaration(), "b": Declaration()}),
        ("name", "String!", {"a": Declaration(shareable=True), "b": Declaration(external=True)}),
        ("label", "String", {"b": Declaration(requires="name")}),
    ):
        product.fields[name] = Field(name, type_, declared=declared)
    query = Type("Query", subgraphs=["a", "b"])
    query.fields["first"] = Field("first", "Product!", declared={"a": Declaration()})
    query.fields["best"] = Field("best", "Product!", declared={"b": Declaration(provides="name")})
    query.fields["last"] = Field("last", "Product!", declared={"b": Declaration()})
    return Model(7, ["a", "b"], {"Product": product, "Query": query})


async def ask(name: str, query: str, *representations: dict[str, Any]) -> dict[str, Any]:
    model = shop()
    subgraph = FakeSubgraph(model, World(model), name)
    return dict(await subgraph.execute(query, {"representations": list(representations)}, None, {}))


ENTITIES = "query($representations:[_Any!]!){_entities(representations:$representations){...on Product{%s}}}"


async def test_an_entity_is_resolved_from_a_whole_key() -> None:
    found = await ask("a", ENTITIES % "id", {"__typename": "Product", "id": "id:Product-1"})
    assert found == {"data": {"_entities": [{"id": "id:Product-1"}]}}


async def test_a_representation_without_a_key_is_refused() -> None:
    refused = await ask("a", ENTITIES % "id", {"__typename": "Product", "name": "x"})
    assert "no resolvable key" in refused["errors"][0]["message"]


async def test_an_external_field_is_refused_where_nothing_provides_it() -> None:
    assert "is external" in (await ask("b", "{ last { name } }"))["errors"][0]["message"]
    assert "errors" not in await ask("b", "{ best { name } }")


async def test_a_required_value_must_be_the_truth() -> None:
    world = World(shop())
    name = world.resolve(Obj("Product", "1"), "name", {})
    key = {"__typename": "Product", "id": "id:Product-1"}
    right = await ask("b", ENTITIES % "label", {**key, "name": name})
    wrong = await ask("b", ENTITIES % "label", {**key, "name": "another"})
    assert right["data"] == {"_entities": [{"label": required_answer("label", {"name": name})}]}
    assert "requires" in wrong["errors"][0]["message"]


def test_a_seed_always_gives_the_same_schema() -> None:
    for seed in range(20):
        first, second = generate_model(seed), generate_model(seed)
        assert [subgraph_sdl(first, s) for s in first.subgraphs] == [
            subgraph_sdl(second, s) for s in second.subgraphs
        ]


def test_subgraphs_that_share_a_field_agree_on_it() -> None:
    one, two = World(shop()), World(shop())
    assert [one.resolve(Obj("Product", str(i)), "name", {}) for i in range(3)] == [
        two.resolve(Obj("Product", str(i)), "name", {}) for i in range(3)
    ]


async def test_a_failing_operation_is_shrunk_to_what_fails() -> None:
    from graphql import build_schema

    schema = build_schema("type Query { a: Query b: Int c: Int }")
    operation = Operation(
        "query($p: Boolean!) { c @skip(if: $p) a { ...F c } } fragment F on Query { b c @include(if: $p) }",
        {"p": True},
    )

    async def fails(candidate: Operation) -> bool:
        return "b" in candidate.text.replace("Boolean", "")

    small = await shrink(schema, operation, fails)
    assert (" ".join(small.text.split()), small.variables) == ("{ a { b } }", {})
