"""The join directives: which subgraph has what, and what it needs for it."""

from __future__ import annotations

from schema.language.values import EnumLiteral, Value
from schema.merge.overrides import FieldOverrides
from schema.merge.state import Merge, Sources
from schema.model.definitions import Directive, Field, InputValue, TypeDefinition, applied, has_applied
from schema.subgraph.context_field import split_context
from schema.subgraph.facts import fields_argument, is_interface_object
from schema.subgraph.states import Subgraph


def graph_value(merge: Merge, number: int) -> EnumLiteral:
    """The subgraph as a value of join__Graph."""
    return EnumLiteral(merge.graphs[number])


def add_join_types(merge: Merge, sources: dict[int, TypeDefinition], type_: TypeDefinition) -> None:
    """One @join__type for each subgraph, and for each of its keys."""
    for number, source in sources.items():
        names = merge.subgraphs[number].names
        start: dict[str, Value] = {"graph": graph_value(merge, number)}
        end: dict[str, Value] = {"isInterfaceObject": True} if is_interface_object(source, names) else {}
        keys = applied(source, names.key)
        if not keys:
            type_.directives.append(Directive("join__type", {**start, **end}))
        for key in keys:
            arguments: dict[str, Value] = {**start, "key": fields_argument(key)}
            if key.extension or has_applied(source, names.extends):
                arguments["extension"] = True
            if "resolvable" in key.arguments:
                arguments["resolvable"] = key.arguments["resolvable"]
            type_.directives.append(Directive("join__type", {**arguments, **end}))


def add_join_fields(
    merge: Merge,
    sources: Sources[Field] | Sources[InputValue],
    parent: str,
    member: Field | InputValue,
    overrides: FieldOverrides,
    *,
    same_types: bool,
) -> None:
    """One @join__field for each subgraph, unless all that have the type have the field, plainly and alike."""
    if same_types and not _says_something(merge, sources, parent, overrides):
        return
    for number, source in sources.items():
        if source is None or (number in overrides.unused and number not in overrides.labels):
            continue
        member.directives.append(_join_field(merge, number, source, overrides, same_types=same_types))


def _says_something(
    merge: Merge, sources: Sources[Field] | Sources[InputValue], parent: str, overrides: FieldOverrides
) -> bool:
    if overrides.used or overrides.labels:
        return True
    for number, source in sources.items():
        subgraph = merge.subgraphs[number]
        if source is None or number in overrides.unused:
            if parent in subgraph.schema.types:
                return True
            continue
        if isinstance(source, Field) and _is_special(subgraph, source):
            return True
    return False


def _is_special(subgraph: Subgraph, field: Field) -> bool:
    names = subgraph.names
    if field in subgraph.facts.external:
        return True
    if any(directive.name in (names.provides, names.requires) for directive in field.directives):
        return True
    return any(has_applied(argument, names.from_context) for argument in field.arguments.values())


def _join_field(
    merge: Merge, number: int, source: Field | InputValue, overrides: FieldOverrides, *, same_types: bool
) -> Directive:
    subgraph = merge.subgraphs[number]
    names = subgraph.names
    arguments: dict[str, Value] = {"graph": graph_value(merge, number)}
    for directive in source.directives:
        if directive.name in (names.requires, names.provides):
            name = "requires" if directive.name == names.requires else "provides"
            arguments[name] = fields_argument(directive)
        elif directive.name == names.override:
            arguments["override"] = directive.arguments.get("from")
    if not same_types:
        arguments["type"] = source.type
    if isinstance(source, Field) and source in subgraph.facts.external:
        arguments["external"] = True
    if number in overrides.used:
        arguments["usedOverridden"] = True
    if number in overrides.labels:
        arguments["overrideLabel"] = overrides.labels[number]
    if isinstance(source, Field) and (context := _context_arguments(subgraph, source)):
        arguments["contextArguments"] = context
    ordered = {name: arguments[name] for name in _ARGUMENT_ORDER if name in arguments}
    return Directive("join__field", ordered)


_ARGUMENT_ORDER = (
    "graph",
    "requires",
    "provides",
    "override",
    "type",
    "external",
    "usedOverridden",
    "overrideLabel",
    "contextArguments",
)


def _context_arguments(subgraph: Subgraph, field: Field) -> list[Value]:
    found: list[Value] = []
    for argument in field.arguments.values():
        for directive in applied(argument, subgraph.names.from_context):
            context, selection = split_context(directive.arguments.get("field"))
            found.append(
                {
                    "context": f"{subgraph.name}__{context}",
                    "name": argument.name,
                    "type": argument.type,
                    "selection": selection,
                }
            )
    return found
