"""Fields of objects and interfaces, merged from those subgraphs that resolve them."""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.arguments import merge_arguments
from schema.merge.descriptions import merge_description
from schema.merge.external_fields import check_external, without_external
from schema.merge.join_directive import add_join_directives
from schema.merge.joins import add_join_fields
from schema.merge.overrides import FieldOverrides
from schema.merge.state import Merge, abstracting_fields, present
from schema.merge.type_references import merge_type
from schema.model.definitions import Field, InterfaceType, ObjectType, TypeDefinition, has_applied
from schema.report.errors import ErrorCode
from schema.report.wording import listed, subgraphs
from schema.specs.federation import FEDERATION_OPERATION_FIELDS

FieldSources = dict[int, Field | None]


def field_sources(merge: Merge, type_: ObjectType | InterfaceType) -> dict[str, FieldSources]:
    """For each field of a type, its sources: the subgraphs that have the type, or an object for its
    interface.
    """
    numbers = set(merge.types[type_.name])
    for interface in type_.interfaces:
        numbers.update(merge.interface_objects.get(interface, ()))
    order = sorted(numbers)
    found: dict[str, FieldSources] = {}
    for number, source in merge.type_sources(type_).items():
        if not isinstance(source, ObjectType | InterfaceType):
            continue
        is_query = merge.subgraphs[number].schema.definition.roots.get("query") == source.name
        for name, field in source.fields.items():
            if is_query and name in FEDERATION_OPERATION_FIELDS:
                continue
            if name not in found:
                found[name] = dict.fromkeys(order)
            found[name][number] = field
    return found


def merge_field(
    merge: Merge,
    directives: AppliedDirectives,
    type_: ObjectType | InterfaceType,
    name: str,
    sources: FieldSources,
    overrides: FieldOverrides,
) -> None:
    """Merges one field into `type_`, which already has it by name."""
    coordinate = f"{type_.name}.{name}"
    if _nowhere_resolved(merge, type_, name, sources):
        _fail_external_everywhere(merge, type_, name, sources)
        return
    resolving = without_external(merge, sources, coordinate)
    field = type_.fields[name]
    resolved = any(source is not None for source in resolving.values())
    if resolved:
        field.description = merge_description(merge, resolving, coordinate)
        directives.record(resolving.items(), field, coordinate)
        field.arguments = merge_arguments(merge, directives, resolving, coordinate)
    field.type, same_types = merge_type(merge, resolving if resolved else sources, coordinate, "field")
    if any(source is not None and resolving[number] is None for number, source in sources.items()):
        check_external(merge, sources, field, coordinate, same_types=same_types)
    add_join_fields(merge, sources, type_.name, field, overrides, same_types=same_types)
    add_join_directives(merge, present(sources).items(), field.directives)


def _nowhere_resolved(
    merge: Merge, type_: ObjectType | InterfaceType, name: str, sources: FieldSources
) -> bool:
    for number, source in sources.items():
        if source is not None:
            if not merge.is_external(number, source):
                return False
        elif any(
            not merge.is_external(number, field)
            for _, field in abstracting_fields(merge, type_, name, number)
        ):
            return False
    return True


def _fail_external_everywhere(merge: Merge, type_: TypeDefinition, name: str, sources: FieldSources) -> None:
    having = merge.names(
        number
        for number, source in sources.items()
        if source is not None or abstracting_fields(merge, type_, name, number)
    )
    merge.fail(
        ErrorCode.EXTERNAL_MISSING_ON_BASE,
        f'"{type_.name}.{name}" is external in every subgraph that has it ({subgraphs(having)}).',
        merge.places(sources),
    )


def check_sharing(
    merge: Merge, type_: TypeDefinition, name: str, sources: FieldSources, overrides: FieldOverrides
) -> None:
    """A field that several subgraphs resolve is shareable in all of them."""
    resolving: list[tuple[int, str, Field]] = []
    for number, source in sources.items():
        subgraph = merge.subgraphs[number]
        if source is None:
            for interface, field in abstracting_fields(merge, type_, name, number):
                if not subgraph.facts.fully_external(field):
                    through = f'"{subgraph.name}" (through the @interfaceObject "{interface}")'
                    resolving.append((number, through, field))
        elif not overrides.overridden(number) and not subgraph.facts.fully_external(source):
            resolving.append((number, f'"{subgraph.name}"', source))
    if len(resolving) < 2:
        return
    unshared = [entry for entry in resolving if entry[2] not in merge.subgraphs[entry[0]].facts.shareable]
    if not unshared:
        return
    message = (
        f'"{type_.name}.{name}" is resolved by subgraphs {listed([text for _, text, _ in resolving])} '
        f"but is not shareable in {listed([text for _, text, _ in unshared])}."
    )
    misspelled = [text for number, text, _ in unshared if number in overrides.unknown_source]
    if misspelled:
        message += (
            f" The @override in {misspelled[0]} names a subgraph that does not exist: is it misspelled?"
        )
    places = [place for number, _, field in resolving for place in merge.place(number, field)]
    merge.fail(ErrorCode.INVALID_FIELD_SHARING, message, places)


def check_subscription(merge: Merge, type_: ObjectType, name: str, sources: FieldSources) -> None:
    """A subscription is one stream from one subgraph."""
    shared = {
        number: source
        for number, source in present(sources).items()
        if has_applied(source, merge.subgraphs[number].names.shareable)
    }
    if shared:
        merge.fail(
            ErrorCode.INVALID_FIELD_SHARING,
            f'"{type_.name}.{name}" is a field of the subscription root, so it cannot be shareable.',
            merge.places(shared),
        )
