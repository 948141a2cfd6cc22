"""Prints one subgraph of a model as federation 2 SDL."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.differential.model import Declaration, Field, Model, Type

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@external", '
    '"@requires", "@provides", "@shareable", "@override", "@interfaceObject", "@context", "@fromContext"])'
)


def subgraph_sdl(model: Model, subgraph: str) -> str:
    parts = [LINK]
    for type_ in model.types.values():
        if subgraph in type_.subgraphs:
            parts.append(_type(model, type_, subgraph))
    return "\n\n".join(parts) + "\n"


def _type(model: Model, type_: Type, subgraph: str) -> str:
    match type_.kind:
        case "enum":
            return f"enum {type_.name} {{ {' '.join(type_.values)} }}"
        case "union":
            return f"union {type_.name} = {' | '.join(type_.members[subgraph])}"
        case "input":
            fields = " ".join(f"{f.name}: {f.type}" for f in type_.fields.values())
            return f"input {type_.name} {{ {fields} }}"
        case "interface" | "object":
            return "\n".join(_composite(model, type_, subgraph))


def _composite(model: Model, type_: Type, subgraph: str) -> Iterator[str]:
    is_interface = type_.kind == "interface" and type_.interface_object_in != subgraph
    head = f"{'interface' if is_interface else 'type'} {type_.name}"
    interfaces = [
        other.name
        for other in model.types.values()
        if other.kind == "interface" and type_.name in other.members.get(subgraph, [])
    ]
    if interfaces:
        head += f" implements {' & '.join(interfaces)}"
    for key in type_.keys.get(subgraph, []):
        head += f' @key(fields: "{key.fields}"{"" if key.resolvable else ", resolvable: false"})'
    if subgraph in type_.contexts:
        head += f' @context(name: "{type_.contexts[subgraph][0]}")'
    if type_.interface_object_in == subgraph:
        head += " @interfaceObject"
    yield head + " {"
    for field in type_.fields.values():
        if subgraph in field.declared:
            yield f"  {_field(field, field.declared[subgraph], is_interface)}"
    yield "}"


def _field(field: Field, declaration: Declaration, in_interface: bool) -> str:
    given = [f"{name}: {type_}" for name, type_ in field.arguments.items()]
    if declaration.context:
        given.append(f'a: String @fromContext(field: "{declaration.context}")')
    arguments = ", ".join(given)
    text = f"{field.name}{f'({arguments})' if arguments else ''}: {declaration.type or field.type}"
    if in_interface:
        return text
    if declaration.external:
        text += " @external"
    if declaration.shareable:
        text += " @shareable"
    if declaration.requires:
        text += f" @requires(fields: {_quoted(declaration.requires)})"
    if declaration.provides:
        text += f" @provides(fields: {_quoted(declaration.provides)})"
    if declaration.override:
        label = f', label: "{declaration.label}"' if declaration.label else ""
        text += f' @override(from: "{declaration.override}"{label})'
    return text


def _quoted(fields: str) -> str:
    escaped = fields.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
