"""From a supergraph to the views the walk reads.

What a subgraph has, in one place: a field without JoinFields is in every subgraph that has its type; one with
them only in those they name, and in none when they name none (it comes from an interface object); what a
subgraph marks external or lost to another by @override is there but not resolved. Linear in the supergraph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from schema.satisfiability.api import read_api
from schema.satisfiability.empty_types import drop_empty_types
from schema.satisfiability.model import (
    ContextArgument,
    FieldView,
    Key,
    Kind,
    Label,
    SubgraphView,
    TypeView,
    Views,
)
from schema.satisfiability.selections import Cast, Path, provided_tree, selection_paths
from schema.supergraph import JoinField, Supergraph, SupergraphField, SupergraphType, TypeKind

_KINDS = {TypeKind.OBJECT: Kind.OBJECT, TypeKind.INTERFACE: Kind.INTERFACE, TypeKind.UNION: Kind.UNION}


def read_views(supergraph: Supergraph) -> Views:
    """The views of a valid supergraph."""
    subgraphs = [SubgraphView(subgraph.name, subgraph.index) for subgraph in supergraph.subgraphs]
    composite = [type_ for type_ in supergraph.types.values() if type_.is_composite]
    for type_ in composite:
        _add_type(subgraphs, type_)
    _complete(subgraphs, supergraph)
    for subgraph in subgraphs:
        drop_empty_types(subgraph)
        _mark_local_keys(subgraph)
    return Views(tuple(subgraphs), read_api(supergraph), _supertypes(composite), _contexts(supergraph))


def _add_type(subgraphs: list[SubgraphView], type_: SupergraphType) -> None:
    keys: dict[int, list[Key]] = defaultdict(list)
    views: dict[int, TypeView] = {}
    for join in type_.joins:
        if join.graph not in views:
            kind = Kind.OBJECT if join.is_interface_object else _KINDS[type_.kind]
            view = TypeView(type_.name, kind, join.is_interface_object)
            views[join.graph] = subgraphs[join.graph].types[type_.name] = view
        if join.key:
            keys[join.graph].append(Key(join.key, selection_paths(join.key), join.resolvable))
    for graph, view in views.items():
        view.keys = tuple(keys[graph])
        if type_.kind is TypeKind.UNION:
            view.runtime_types = frozenset(member for of, member in type_.members if of == graph)
        elif type_.kind is TypeKind.OBJECT:
            view.runtime_types = frozenset({type_.name})
    for field in type_.fields.values():
        _add_field(views, field)
    if type_.kind is TypeKind.OBJECT:
        # Interfaces may be read later than their implementations: `_complete` gives them theirs.
        for graph, interface in type_.implements:
            if graph in views:
                subgraphs[graph].implementations[interface].add(type_.name)


def _add_field(views: Mapping[int, TypeView], field: SupergraphField) -> None:
    if not field.joins:
        view = FieldView(field.name, field.named_type)
        for type_view in views.values():
            type_view.fields[field.name] = view
    for join in field.joins:
        if join.graph is not None and join.graph in views:
            views[join.graph].fields[field.name] = _field_view(field, join)


def _field_view(field: SupergraphField, join: JoinField) -> FieldView:
    overridden = join.used_overridden and not join.override_label
    return FieldView(
        name=field.name,
        type=join.type.strip("[]!") if join.type else field.named_type,
        external=overridden or join.external,
        overridden=overridden,
        requires_text=join.requires or "",
        requires=selection_paths(join.requires) if join.requires else (),
        provides=provided_tree(join.provides) if join.provides else (),
        label=Label(join.override_label, bool(join.override)) if join.override_label else None,
        contexts=tuple(
            ContextArgument(argument.context, argument.selection, selection_paths(argument.selection))
            for argument in join.context_arguments
        ),
    )


def _complete(subgraphs: Iterable[SubgraphView], supergraph: Supergraph) -> None:
    for subgraph in subgraphs:
        for operation, name in supergraph.roots.items():
            if name in subgraph.types:
                subgraph.roots[operation] = name
        for interface, names in subgraph.implementations.items():
            view = subgraph.types.get(interface)
            if view is not None and view.kind is Kind.INTERFACE:
                view.runtime_types = frozenset(names)
        for view in subgraph.types.values():
            if view.interface_object:
                view.runtime_types = frozenset({view.name})


def _mark_local_keys(subgraph: SubgraphView) -> None:
    for view in subgraph.types.values():
        view.keys = tuple(
            Key(
                key.text,
                key.paths,
                key.resolvable,
                all(not _selects_external(subgraph, view, path) for path in key.paths),
            )
            for key in view.keys
        )


def _selects_external(subgraph: SubgraphView, view: TypeView | None, path: Path) -> bool:
    for step in path:
        if view is None:
            return False
        if isinstance(step, Cast):
            view = subgraph.types.get(step.type)
        else:
            field = view.fields.get(step)
            if field is None:
                return False
            if field.external:
                return True
            view = subgraph.types.get(field.type)
    return False


def _supertypes(composite: Iterable[SupergraphType]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for type_ in composite:
        for _, member in type_.members:
            found[member].add(type_.name)
        if type_.kind is TypeKind.OBJECT:
            found[type_.name].update(type_.interfaces)
    return {name: frozenset(names) for name, names in found.items()}


def _contexts(supergraph: Supergraph) -> dict[str, frozenset[str]]:
    """The contexts each object type sets: its own, and those of its interfaces and unions."""
    found: dict[str, set[str]] = defaultdict(set)
    for context, types in supergraph.contexts.items():
        for type_name in types:
            for name in (type_name, *supergraph.possible_types.get(type_name, ())):
                found[name].add(context)
    return {name: frozenset(names) for name, names in found.items()}
