"""The stages that make types and the fields they own."""

from __future__ import annotations

from tests.support.differential.generator import INTERFACE_OBJECTS, SCALARS, Generator
from tests.support.differential.model import Declaration, Field, Key, Type


def inputs(g: Generator) -> None:
    """An enum and an input object every subgraph knows."""
    everywhere = list(g.model.subgraphs)
    g.add(Type("Color", "enum", values=["RED", "GREEN", "BLUE"], subgraphs=everywhere))
    given = g.add(Type("In", "input", subgraphs=list(everywhere)))
    for name, type_ in (("a", "Int"), ("c", "Color"), ("l", "[String!]")):
        given.fields[name] = Field(name, type_, declared={s: Declaration() for s in everywhere})


def entities(g: Generator) -> None:
    for index in range(g.random.randint(2, 4)):
        _entity(g, f"E{index}")


def _entity(g: Generator, name: str) -> None:
    """Its hub has every key; any other home some of them, so every home is reached through the hub."""
    type_ = g.add(Type(name))
    keys = ["id"] + [k for k in ("sku", "ref { a b }", "x y") if g.chance(20)]
    type_.fields["id"] = Field("id", "ID!")
    for key in keys[1:]:
        for part in key.split() if key == "x y" else [key.split()[0]]:
            type_.fields[part] = Field(part, f"{name}Ref!" if part == "ref" else "String!")
    if "ref" in type_.fields:
        ref = g.add(Type(f"{name}Ref"))
        ref.fields = {"a": Field("a", "String!"), "b": Field("b", "String!")}
    home = g.some(g.model.subgraphs)
    hub = g.random.choice(home)
    type_.subgraphs = list(home)
    for subgraph in home:
        for key in keys if subgraph == hub else g.some(keys, 1, 2):
            g.add_key(type_, subgraph, key)


def value_types(g: Generator) -> None:
    for index in range(g.random.randint(0, 2)):
        type_ = g.add(Type(f"V{index}"))
        for _ in range(g.random.randint(2, 3)):
            g.declare(type_, g.any_field(["scalar", "scalar", "entity"]), [])
        if index and g.chance(50):
            g.declare(type_, Field(g.fresh("f"), "V0"), [])


def fields(g: Generator) -> None:
    kinds = ["scalar", "scalar", "scalar", "entity", "entity", "value", "interface", "union"]
    for type_ in g.of_kind("entity"):
        for _ in range(g.random.randint(2, 6)):
            homes = g.entered(type_)
            if homes:
                g.declare(type_, g.any_field(kinds), g.some(homes, 1, 2 if g.chance(30) else 1))


def split_values(g: Generator) -> None:
    """A value an entity shares is whole only together: its subgraphs have some of its fields each."""
    for type_ in g.of_kind("entity"):
        homes = g.entered(type_)
        if len(homes) < 2 or not g.chance(25):
            continue
        pair = g.some(homes, 2, 2)
        value = g.add(Type(g.fresh("W"), subgraphs=list(pair)))
        for subgraphs in ([pair[0]], [pair[1]], pair):
            g.declare(value, Field(g.fresh("f"), g.wrapped(g.random.choice(SCALARS))), subgraphs)
        g.declare(type_, Field(g.fresh("f"), g.wrapped(value.name)), pair)


def contexts(g: Generator) -> None:
    """An entity sets a context for one of its own, reached through it alone, maybe known elsewhere too."""
    for type_ in g.of_kind("entity"):
        homes = g.entered(type_)
        if not homes or not g.chance(20):
            continue
        home, name = g.random.choice(homes), g.fresh("ctx")
        taken = Field(g.fresh("f"), "String")
        g.declare(type_, taken, [home])
        type_.contexts[home] = (name, taken.name)
        inner = g.add(Type(g.fresh("K"), subgraphs=[]))
        inner.fields["id"] = Field("id", "ID!")
        for subgraph in {home, *g.some(g.model.subgraphs, 0, 1)} - {INTERFACE_OBJECTS}:
            inner.subgraphs.append(subgraph)
            g.add_key(inner, subgraph, "id")
            g.declare(inner, Field(g.fresh("f"), g.wrapped(g.random.choice(SCALARS))), [subgraph])
        inner.subgraphs.sort()
        given = Field(g.fresh("c"), "String", g.any_arguments())
        inner.fields[given.name] = given
        given.declared[home] = Declaration(context=f"${name} {{ {taken.name} }}")
        g.declare(type_, Field(g.fresh("f"), g.wrapped(inner.name)), [home])


def roots(g: Generator) -> None:
    query = g.add(Type("Query"))
    kinds = ["scalar", "entity", "entity", "entity", "value", "interface", "union"]
    ordinary = [s for s in g.model.subgraphs if s != INTERFACE_OBJECTS]
    for subgraph in ordinary:
        for _ in range(g.random.randint(1, 3)):
            g.declare(query, g.any_field(kinds), [subgraph])
    if g.chance(40):
        shared = g.any_field(["entity", "interface", "union", "value"])
        g.declare(query, shared, g.some(ordinary, 2, 2))
    for type_ in g.of_kind("interface"):
        if type_.interface_object_in:
            g.declare(query, Field(g.fresh("f"), g.wrapped(type_.name)), [type_.interface_object_in])
    if g.chance(40):
        _mutations(g, ordinary)


def _mutations(g: Generator, subgraphs: list[str]) -> None:
    mutation = g.add(Type("Mutation"))
    for _ in range(g.random.randint(2, 4)):
        named = g.random.choice(["String", *(t.name for t in g.of_kind("entity"))])
        field = Field(g.fresh("m"), named, {"n": "Int = 1"})
        g.declare(mutation, field, [g.random.choice(subgraphs)])


def make_resolvable(type_: Type, subgraph: str, fields: str) -> None:
    type_.keys[subgraph] = [Key(k.fields, k.resolvable or k.fields == fields) for k in type_.keys[subgraph]]
