"""Reads a model back from federated SDL, so that a named case can be written as its subgraphs' schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
)

from tests.support.differential.model import Declaration, Field, Key, Model, Type
from tests.support.plan_checker.joins import applied


def read_model(subgraphs: Mapping[str, str], seed: int = 0) -> Model:
    """`subgraphs` maps names to SDL without `@link`. Data takes part in contexts as the generator writes
    them: a type sets one context of one field, and types that use it are named K… and reached from it.
    """
    model = Model(seed, list(subgraphs))
    for name, sdl in subgraphs.items():
        for definition in parse(sdl, no_location=True).definitions:
            _read(model, name, definition)
    _mark_overridden(model)
    _mark_contexts(model)
    return model


def _read(model: Model, subgraph: str, node: Any) -> None:
    type_ = model.types.setdefault(node.name.value, Type(node.name.value))
    type_.subgraphs.append(subgraph)
    match node:
        case EnumTypeDefinitionNode():
            type_.kind, type_.values = "enum", [value.name.value for value in node.values or ()]
        case UnionTypeDefinitionNode():
            type_.kind, type_.members[subgraph] = "union", [t.name.value for t in node.types or ()]
        case InputObjectTypeDefinitionNode():
            type_.kind = "input"
            for field in node.fields or ():
                read = type_.fields.setdefault(
                    field.name.value, Field(field.name.value, print_ast(field.type))
                )
                read.declared[subgraph] = Declaration()
        case InterfaceTypeDefinitionNode():
            type_.kind = "interface"
            type_.members.setdefault(subgraph, [])
            _composite(type_, subgraph, node)
        case ObjectTypeDefinitionNode():
            if applied(node, "interfaceObject"):
                type_.kind, type_.interface_object_in = "interface", subgraph
            for interface in node.interfaces or ():
                members = model.types.setdefault(interface.name.value, Type(interface.name.value)).members
                members.setdefault(subgraph, []).append(type_.name)
            _composite(type_, subgraph, node)


def _composite(type_: Type, subgraph: str, node: Any) -> None:
    for context in applied(node, "context"):
        type_.contexts[subgraph] = (context["name"], "")
    for key in applied(node, "key"):
        type_.keys.setdefault(subgraph, []).append(Key(key["fields"], key.get("resolvable", True)))
    for field in node.fields or ():
        name = field.name.value
        read = type_.fields.setdefault(name, Field(name, print_ast(field.type), dict(_arguments(field))))
        read.declared[subgraph] = _declaration(field)
        if print_ast(field.type) != read.type:
            read.declared[subgraph].type = print_ast(field.type)


def _arguments(node: FieldDefinitionNode) -> Iterator[tuple[str, str]]:
    for argument in node.arguments or ():
        if applied(argument, "fromContext"):
            continue
        default = f" = {print_ast(argument.default_value)}" if argument.default_value else ""
        yield argument.name.value, print_ast(argument.type) + default


def _declaration(node: FieldDefinitionNode) -> Declaration:
    override = next(iter(applied(node, "override")), {})
    return Declaration(
        external=bool(applied(node, "external")),
        shareable=bool(applied(node, "shareable")),
        requires=next((r["fields"] for r in applied(node, "requires")), None),
        provides=next((p["fields"] for p in applied(node, "provides")), None),
        override=override.get("from"),
        label=override.get("label"),
        context=_context(node),
    )


def _context(node: FieldDefinitionNode) -> str | None:
    taken = [each for argument in node.arguments or () for each in applied(argument, "fromContext")]
    return taken[0]["field"] if taken else None


def _mark_contexts(model: Model) -> None:
    """Which field of the types that set a context is taken: `$name { field }` says so where it is used."""
    uses = [d.context for t in model.types.values() for f in t.fields.values() for d in f.declared.values()]
    taken = {use.partition(" ")[0][1:]: use.partition(" ")[2].strip("{ }") for use in uses if use}
    for type_ in model.types.values():
        type_.contexts = {s: (name, taken.get(name, "")) for s, (name, _) in type_.contexts.items()}


def _mark_overridden(model: Model) -> None:
    for type_ in model.types.values():
        for field in type_.fields.values():
            for taker in [d for d in field.declared.values() if d.override]:
                owner = field.declared.get(taker.override or "")
                if owner is not None:
                    owner.overridden, owner.label = True, taker.label
