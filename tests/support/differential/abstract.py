"""The stages that make unions, interfaces and interface objects."""

from __future__ import annotations

from tests.support.differential.generator import INTERFACE_OBJECTS, SCALARS, Generator
from tests.support.differential.model import Declaration, Field, Key, Type
from tests.support.differential.stages import make_resolvable


def abstract_types(g: Generator) -> None:
    for index in range(g.random.randint(0, 2)):
        _union(g, f"U{index}")
    for index in range(g.random.randint(0, 2)):
        _interface(g, f"I{index}")


def _union(g: Generator, name: str) -> None:
    """Its members differ by subgraph; one is common."""
    members = [t.name for t in g.of_kind("entity") + g.of_kind("value")]
    type_ = g.add(Type(name, "union"))
    common = g.random.choice(members)
    for subgraph in g.some(g.model.subgraphs, 1, 2):
        type_.subgraphs.append(subgraph)
        type_.members[subgraph] = sorted({common, *g.some(members, 1, 3)})
        for member in type_.members[subgraph]:
            g.ensure(member, subgraph)


def _interface(g: Generator, name: str) -> None:
    entities = [t.name for t in g.of_kind("entity")]
    pool = entities if g.chance(70) else entities + [t.name for t in g.of_kind("value")]
    members = g.some(pool, 1, 3)
    type_ = g.add(Type(name, "interface"))
    homes = g.some(g.model.subgraphs, 1, 2)
    for subgraph in homes:
        type_.subgraphs.append(subgraph)
        type_.members[subgraph] = g.some(members)
        for member in type_.members[subgraph]:
            g.ensure(member, subgraph)
    for _ in range(g.random.randint(1, 2)):
        _interface_field(g, type_, homes, g.any_field(["scalar", "scalar", "entity", "value"]))
    if all(g.model.types[m].is_entity for m in type_.all_members()) and g.chance(60):
        _interface_id(g, type_)


def _interface_field(g: Generator, type_: Type, homes: list[str], field: Field) -> None:
    type_.fields[field.name] = field
    for subgraph in homes:
        g.ensure_type_of(field, subgraph)
        field.declared[subgraph] = Declaration()
    for member in type_.all_members():
        having = [s for s in homes if member in type_.members[s]]
        g.declare(g.model.types[member], Field(field.name, field.type, dict(field.arguments)), having)


def _interface_id(g: Generator, type_: Type) -> None:
    """`id` on the interface; with one home it is the interface's key too."""
    type_.fields["id"] = Field("id", "ID!")
    for subgraph in type_.subgraphs:
        type_.fields["id"].declared[subgraph] = Declaration()
        for name in type_.members[subgraph]:
            member = g.model.types[name]
            g.add_key(member, subgraph, "id")
            make_resolvable(member, subgraph, "id")
    if len(type_.subgraphs) == 1:
        type_.keys[type_.subgraphs[0]] = [Key("id")]


def interface_object(g: Generator) -> None:
    """A further subgraph that knows a keyed interface only as an object, and adds fields to it."""
    keyed = [t for t in g.of_kind("interface") if t.keys]
    if not keyed or g.chance(30):
        return
    type_, subgraph = g.random.choice(keyed), INTERFACE_OBJECTS
    for name in ("Color", "In"):
        g.model.types[name].subgraphs.append(subgraph)
    for field in g.model.types["In"].fields.values():
        field.declared[subgraph] = Declaration()
    g.model.subgraphs.append(subgraph)
    type_.subgraphs.append(subgraph)
    type_.interface_object_in = subgraph
    type_.keys[subgraph] = [Key("id")]
    type_.fields["id"].declared[subgraph] = Declaration()
    others = [t.name for t in g.of_kind("entity") if t.name not in type_.all_members()]
    for _ in range(g.random.randint(1, 3)):
        named = g.random.choice([*SCALARS, type_.name, *others])
        _add(g, type_, Field(g.fresh("f"), g.wrapped(named), g.any_arguments()), Declaration())
    shared = [f for f in type_.fields.values() if f.named_type in SCALARS and subgraph not in f.declared]
    if shared and g.chance(50):
        needed = g.random.choice(shared)
        needed.declared[subgraph] = Declaration(external=True)
        _add(g, type_, Field(g.fresh("r"), "String"), Declaration(requires=needed.name))


def _add(g: Generator, type_: Type, field: Field, declaration: Declaration) -> None:
    if field.named_type != type_.name:
        g.ensure_type_of(field, INTERFACE_OBJECTS)
    type_.fields[field.name] = field
    field.declared[INTERFACE_OBJECTS] = declaration
