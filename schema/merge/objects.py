"""Object and interface types."""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.fields import (
    FieldSources,
    check_sharing,
    check_subscription,
    field_sources,
    merge_field,
)
from schema.merge.overrides import find_overrides
from schema.merge.state import Merge
from schema.model.definitions import Field, InterfaceType, ObjectType, TypeDefinition, applied, has_applied
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode
from schema.report.wording import listed, subgraphs
from schema.subgraph.facts import fields_argument, is_interface_object


def merge_object(
    merge: Merge, directives: AppliedDirectives, type_: ObjectType, sources: dict[int, TypeDefinition]
) -> None:
    """Merges the fields of an object type; one without any is not part of the supergraph."""
    is_entity = _hint_on_keys(merge, type_, sources)
    is_root = type_.name in merge.merged.definition.roots.values()
    is_subscription = merge.merged.definition.roots.get("subscription") == type_.name
    found = field_sources(merge, type_)
    if not found:
        del merge.merged.types[type_.name]
        merge.removed.add(type_)
        return
    type_.fields = {name: Field(name, "") for name in found}
    for name, field_sources_ in found.items():
        if not is_entity and not is_root:
            hint_on_presence(merge, type_, name, sources, HintCode.INCONSISTENT_OBJECT_VALUE_TYPE_FIELD)
        overrides = find_overrides(merge, field_sources_, type_, name)
        if is_subscription:
            check_subscription(merge, type_, name, field_sources_)
        merge_field(merge, directives, type_, name, field_sources_, overrides)
        check_sharing(merge, type_, name, field_sources_, overrides)


def _hint_on_keys(merge: Merge, type_: ObjectType, sources: dict[int, TypeDefinition]) -> bool:
    """Is the type an entity in any subgraph? Hints when it is in some only."""
    with_key = [
        number
        for number, source in sources.items()
        if source.directives and has_applied(source, merge.subgraphs[number].names.key)
    ]
    if with_key and len(with_key) < len(sources):
        without = [number for number in sources if number not in with_key]
        merge.hint(
            HintCode.INCONSISTENT_ENTITY,
            f'"{type_.name}" has a @key in {subgraphs(merge.names(with_key))} '
            f"but none in {subgraphs(merge.names(without))}.",
            merge.places(sources),
        )
    return bool(with_key)


def hint_on_presence(
    merge: Merge,
    type_: ObjectType | InterfaceType,
    name: str,
    sources: dict[int, TypeDefinition],
    code: HintCode,
) -> None:
    """Hints when some subgraphs that have the type lack the field."""
    for number, source in sources.items():
        assert isinstance(source, ObjectType | InterfaceType)
        if name in source.fields or is_interface_object(source, merge.subgraphs[number].names):
            continue
        external = merge.subgraphs[number].facts.external
        if all(field in external for field in source.fields.values()):
            continue
        if isinstance(type_, InterfaceType) and provided_by_interface_object(merge, type_.name, name):
            continue
        having: dict[int, TypeDefinition | None] = {
            other: candidate if name in getattr(candidate, "fields", ()) else None
            for other, candidate in sources.items()
        }
        merge.hint(code, f'"{type_.name}.{name}" is in {merge.split(having)}.', merge.places(sources))
        return


def provided_by_interface_object(merge: Merge, interface: str, name: str) -> bool:
    """Does some subgraph resolve the field for everything that implements the interface?"""
    for number in merge.interface_objects.get(interface, ()):
        type_ = merge.subgraphs[number].schema.types[interface]
        field = type_.fields.get(name) if isinstance(type_, ObjectType) else None
        if field is not None and not merge.is_external(number, field):
            return True
    return False


def merge_interface(
    merge: Merge, directives: AppliedDirectives, type_: InterfaceType, sources: dict[int, TypeDefinition]
) -> None:
    """Merges the fields of an interface."""
    has_key = _check_keys(merge, type_, sources)
    _check_interface_objects(merge, type_, sources)
    found: dict[str, FieldSources] = field_sources(merge, type_)
    type_.fields = {name: Field(name, "") for name in found}
    for name, field_sources_ in found.items():
        if not has_key:
            hint_on_presence(merge, type_, name, sources, HintCode.INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD)
        overrides = find_overrides(merge, field_sources_, type_, name)
        merge_field(merge, directives, type_, name, field_sources_, overrides)


def _check_keys(merge: Merge, type_: InterfaceType, sources: dict[int, TypeDefinition]) -> bool:
    """A subgraph that finds entities through an interface must know all that implement it."""
    known = merge.merged.possible_types(type_.name)
    has_key = False
    for number, source in sources.items():
        if not isinstance(source, InterfaceType):
            continue
        subgraph = merge.subgraphs[number]
        keys = applied(source, subgraph.names.key)
        has_key = has_key or bool(keys)
        resolvable = [key for key in keys if key.arguments.get("resolvable") is not False]
        if not resolvable:
            continue
        here = set(subgraph.schema.possible_types(source.name))
        missing = [name for name in known if name not in here]
        if missing and len(here) < len(known):
            merge.fail(
                ErrorCode.INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE,
                f'Subgraph "{subgraph.name}": the interface "{type_.name}" has the resolvable key '
                f'"{fields_argument(resolvable[0])}", but not all of its implementations: other subgraphs '
                f"have {_quoted(missing)}.",
                merge.token_place(number, resolvable[0].at),
            )
    return has_key


def _quoted(names: list[str]) -> str:
    return listed([f'"{name}"' for name in names])


def _check_interface_objects(merge: Merge, type_: InterfaceType, sources: dict[int, TypeDefinition]) -> None:
    """A subgraph with an object for an interface does not know what implements it."""
    for number, source in sources.items():
        subgraph = merge.subgraphs[number]
        if isinstance(source, InterfaceType):
            continue
        defined = [name for name in merge.merged.possible_types(type_.name) if name in subgraph.schema.types]
        if defined:
            places = [merge.place(number, subgraph.schema.types[name]) for name in (type_.name, *defined)]
            merge.fail(
                ErrorCode.INTERFACE_OBJECT_USAGE_ERROR,
                f'Subgraph "{subgraph.name}": "{type_.name}" is an @interfaceObject, so what implements the '
                f"interface cannot be defined here, but {_quoted(defined)} is.",
                [place for group in places for place in group],
            )
