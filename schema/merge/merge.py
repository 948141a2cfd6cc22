"""merge(): the kinds of elements in the order that makes each find what it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.merge.applied import AppliedDirectives
from schema.merge.auth_sources import collect_auth_sources
from schema.merge.compose_directive import Composed
from schema.merge.descriptions import merge_description
from schema.merge.directives import merge_directive_definitions
from schema.merge.enums import merge_enum
from schema.merge.inputs import merge_input
from schema.merge.interface_object_fields import add_interface_object_fields
from schema.merge.join_directive import add_join_directives
from schema.merge.joins import add_join_types, graph_value
from schema.merge.objects import merge_interface, merge_object
from schema.merge.prepare import prepare_merge
from schema.merge.state import Merge
from schema.merge.unions import merge_union
from schema.model.definitions import (
    DEFAULT_ROOTS,
    KIND_NAMES,
    Directive,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    ScalarType,
    TypeDefinition,
    UnionType,
)
from schema.report.errors import CompositionFailure, ErrorCode
from schema.report.hints import Hint
from schema.report.wording import subgraphs
from schema.specs.federation import (
    FEDERATION_IDENTITY,
    FEDERATION_OPERATION_FIELDS,
    FEDERATION_OPERATION_TYPES,
)
from schema.specs.registry import CONNECT_IDENTITY, LINK_IDENTITY
from schema.subgraph.facts import is_interface_object
from schema.subgraph.states import Subgraph, ValidSubgraph

_NOT_MERGED = {FEDERATION_IDENTITY, LINK_IDENTITY, CONNECT_IDENTITY}


@dataclass(frozen=True, slots=True)
class Merged:
    """What merging gives: the state with the supergraph schema, or only failures when it could not start."""

    merge: Merge | None
    failures: list[CompositionFailure]
    hints: list[Hint]


def merge_subgraphs(graphs: Sequence[ValidSubgraph]) -> Merged:
    """Merges valid federation 2 subgraphs. Near-linear in their total size."""
    prepared = prepare_merge(list(graphs))
    if isinstance(prepared, list):
        return Merged(None, prepared, [])
    merge, composed = prepared
    _merge(merge, composed)
    return Merged(merge, merge.failures, merge.hints)


def _merge(merge: Merge, composed: Composed) -> None:
    types = _add_types(merge)
    for type_ in types:
        _merge_interfaces(merge, type_)
    merge.merged.forget_implementations()
    directives = AppliedDirectives(merge, collect_auth_sources(merge))
    _merge_kind(merge, directives, types, UnionType)
    _merge_schema(merge, directives)
    for kind in (ScalarType, InputType, InterfaceType, ObjectType):
        _merge_kind(merge, directives, types, kind)
    merge_directive_definitions(merge, directives, composed)
    _merge_kind(merge, directives, types, EnumType)
    if "query" not in merge.merged.definition.roots:
        starts = [subgraph.source.location(0) for subgraph in merge.subgraphs]
        merge.fail(ErrorCode.NO_QUERIES, "No subgraph has a field on its query root.", starts)
    directives.apply_all()
    add_interface_object_fields(merge, directives)


# Types


def _add_types(merge: Merge) -> list[TypeDefinition]:
    """All types by name and kind, still empty."""
    mismatched: dict[str, None] = {}
    for number, subgraph in enumerate(merge.subgraphs):
        for name, source in subgraph.schema.types.items():
            if _is_machinery(subgraph, name):
                continue
            kind = merge.kind_of(number, source)
            if kind is not type(source):
                merge.interface_objects.setdefault(name, []).append(number)
            existing = merge.merged.types.get(name)
            if existing is None:
                merge.merged.types[name] = kind(name)
                merge.types[name] = {}
            elif type(existing) is not kind:
                mismatched[name] = None
            merge.types.setdefault(name, {})[number] = source
    for name in mismatched:
        _fail_mismatch(merge, name)
    for name in merge.interface_objects:
        if name not in mismatched:
            _check_has_interface(merge, name)
    return [merge.merged.types[name] for name in merge.types]


def _is_machinery(subgraph: Subgraph, name: str) -> bool:
    """Is the type part of how subgraphs or the supergraph are put together, and not of the graph?"""
    if name in FEDERATION_OPERATION_TYPES or name.startswith(("link__", "join__")):
        return True
    origin = subgraph.features.type_origin(name)
    return origin is not None and origin.feature.url.identity in _NOT_MERGED


def _fail_mismatch(merge: Merge, name: str) -> None:
    kinds = {}
    for number, source in merge.types[name].items():
        interface_object = is_interface_object(source, merge.subgraphs[number].names)
        kinds[number] = "an @interfaceObject" if interface_object else _an(KIND_NAMES[type(source)])
    merge.fail(
        ErrorCode.TYPE_KIND_MISMATCH,
        f'"{name}" is not the same kind of type everywhere: it is {merge.spread(kinds)}.',
        merge.places(merge.types[name]),
    )


def _an(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _check_has_interface(merge: Merge, name: str) -> None:
    sources = merge.types[name]
    if not any(isinstance(source, InterfaceType) for source in sources.values()):
        merge.fail(
            ErrorCode.INTERFACE_OBJECT_USAGE_ERROR,
            f'"{name}" is an @interfaceObject in {subgraphs(merge.names(sources))}, '
            "but no subgraph defines it as an interface.",
            merge.places(sources),
        )


def _merge_interfaces(merge: Merge, type_: TypeDefinition) -> None:
    """What the type implements in any subgraph."""
    if not isinstance(type_, ObjectType | InterfaceType):
        return
    for number, source in merge.type_sources(type_).items():
        if not isinstance(source, ObjectType | InterfaceType):
            continue
        for interface in source.interfaces:
            type_.interfaces[interface] = -1
            graph = graph_value(merge, number)
            type_.directives.append(Directive("join__implements", {"graph": graph, "interface": interface}))


def _merge_kind(
    merge: Merge, directives: AppliedDirectives, types: list[TypeDefinition], kind: type[TypeDefinition]
) -> None:
    for type_ in types:
        if type(type_) is kind:
            _merge_type(merge, directives, type_)


def _merge_type(merge: Merge, directives: AppliedDirectives, type_: TypeDefinition) -> None:
    sources = merge.type_sources(type_)
    _check_has_definition(merge, type_, sources)
    type_.description = merge_description(merge, sources, type_.name)
    add_join_types(merge, sources, type_)
    directives.record(sources.items(), type_, type_.name)
    add_join_directives(merge, sources.items(), type_.directives)
    match type_:
        case ObjectType():
            merge_object(merge, directives, type_, sources)
        case InterfaceType():
            merge_interface(merge, directives, type_, sources)
        case UnionType():
            merge_union(merge, type_, sources)
        case EnumType():
            merge_enum(merge, directives, type_, sources)
        case InputType():
            merge_input(merge, directives, type_, sources)
        case ScalarType():
            pass


def _check_has_definition(merge: Merge, type_: TypeDefinition, sources: dict[int, TypeDefinition]) -> None:
    """Some subgraph must define what others only extend; roots may be extended by all."""
    if type_.name in DEFAULT_ROOTS.values() or any(source.defined for source in sources.values()):
        return
    for number, source in sources.items():
        if source.extensions:
            merge.fail(
                ErrorCode.EXTENSION_WITH_NO_BASE,
                f'Subgraph "{merge.subgraphs[number].name}": "{type_.name}" is extended, '
                "but no subgraph defines it.",
                merge.token_place(number, source.extensions[0]),
            )


# The schema definition


def _merge_schema(merge: Merge, directives: AppliedDirectives) -> None:
    definition = merge.merged.definition
    sources = {number: subgraph.schema.definition for number, subgraph in enumerate(merge.subgraphs)}
    definition.description = merge_description(merge, sources, "schema")
    directives.record(sources.items(), definition, "schema")
    for operation in DEFAULT_ROOTS:
        for subgraph in merge.subgraphs:
            name = subgraph.schema.definition.roots.get(operation)
            if name is not None and _has_own_fields(subgraph, name):
                definition.roots[operation] = name
    add_join_directives(merge, sources.items(), definition.directives)


def _has_own_fields(subgraph: Subgraph, name: str) -> bool:
    root = subgraph.schema.types.get(name)
    if not isinstance(root, ObjectType):
        return False
    if name == subgraph.schema.definition.roots.get("query"):
        return bool(root.fields.keys() - FEDERATION_OPERATION_FIELDS)
    return bool(root.fields)
