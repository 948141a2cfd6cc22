"""From a supergraph (its schema with join directives) to the views the walk reads.

Join semantics in one place: a field without @join__field is in every subgraph that has its type; one with
@join__field only in those it names, and in none when it names none (it comes from an interface object); what
a subgraph marks external or lost to another by @override is there but not resolved. Linear in the supergraph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from schema.definitions import (
    COMPOSITE_TYPES,
    CompositeType,
    Directive,
    Field,
    InterfaceType,
    ObjectType,
    Schema,
    UnionType,
    applied,
)
from schema.language.values import Value
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
from schema.type_references import base_name

_KINDS = {ObjectType: Kind.OBJECT, InterfaceType: Kind.INTERFACE, UnionType: Kind.UNION}


def read_views(supergraph: Schema, hiding_directive: str | None) -> Views:
    """The views of a valid supergraph; `hiding_directive` is what it calls @inaccessible, None when
    unused.
    """
    graphs = enumerate(_graphs(supergraph))
    subgraphs = {graph: SubgraphView(name, position) for position, (graph, name) in graphs}
    composite = [type_ for type_ in supergraph.types.values() if isinstance(type_, COMPOSITE_TYPES)]
    for type_ in composite:
        _add_type(subgraphs, type_)
    _complete(subgraphs, supergraph)
    for subgraph in subgraphs.values():
        drop_empty_types(subgraph)
        _mark_local_keys(subgraph)
    return Views(
        tuple(subgraphs.values()),
        read_api(supergraph, hiding_directive),
        _supertypes(composite),
        _contexts(supergraph, composite),
    )


def _graphs(supergraph: Schema) -> Iterator[tuple[str, str]]:
    """Each subgraph's value in join__Graph and its name."""
    graphs = supergraph.types.get("join__Graph")
    for value in getattr(graphs, "values", {}).values():
        for directive in applied(value, "join__graph"):
            yield value.name, _text(directive, "name") or value.name


def _text(directive: Directive, name: str) -> str:
    value = directive.arguments.get(name)
    return value if isinstance(value, str) else ""


def _add_type(subgraphs: Mapping[str, SubgraphView], type_: CompositeType) -> None:
    keys: dict[str, list[Key]] = defaultdict(list)
    views: dict[str, TypeView] = {}
    for directive in applied(type_, "join__type"):
        graph = _text(directive, "graph")
        interface_object = directive.arguments.get("isInterfaceObject") is True
        if graph not in views and graph in subgraphs:
            kind = Kind.OBJECT if interface_object else _KINDS[type(type_)]
            views[graph] = subgraphs[graph].types[type_.name] = TypeView(type_.name, kind, interface_object)
        if text := _text(directive, "key"):
            resolvable = directive.arguments.get("resolvable") is not False
            keys[graph].append(Key(text, selection_paths(text), resolvable))
    for graph, view in views.items():
        view.keys = tuple(keys[graph])
    if isinstance(type_, UnionType):
        _add_members(views, type_)
    else:
        for field in type_.fields.values():
            _add_field(views, field)
    if isinstance(type_, ObjectType):
        _add_to_interfaces(subgraphs, views, type_)


def _add_members(views: Mapping[str, TypeView], union: UnionType) -> None:
    named = applied(union, "join__unionMember")
    for graph, view in views.items():
        here = {_text(directive, "member") for directive in named if _text(directive, "graph") == graph}
        view.runtime_types = frozenset(here if named else union.members)


def _add_to_interfaces(
    subgraphs: Mapping[str, SubgraphView], views: Mapping[str, TypeView], type_: ObjectType
) -> None:
    """An object type is a runtime type of itself and, where it implements them, of its interfaces. Interfaces
    may be read later than their implementations: `_complete` gives them theirs.
    """
    for view in views.values():
        view.runtime_types = frozenset({type_.name})
    for directive in applied(type_, "join__implements"):
        graph = _text(directive, "graph")
        if graph in views:
            subgraphs[graph].implementations[_text(directive, "interface")].add(type_.name)


def _add_field(views: Mapping[str, TypeView], field: Field) -> None:
    joins = applied(field, "join__field")
    if not joins:
        view = FieldView(field.name, base_name(field.type))
        for type_view in views.values():
            type_view.fields[field.name] = view
    for directive in joins:
        graph = _text(directive, "graph")
        if graph in views:
            views[graph].fields[field.name] = _field_view(field, directive)


def _field_view(field: Field, directive: Directive) -> FieldView:
    if len(directive.arguments) == 1:  # only `graph`, as most are: nothing else to read
        return FieldView(field.name, base_name(field.type))
    requires, provides = _text(directive, "requires"), _text(directive, "provides")
    label = _text(directive, "overrideLabel")
    overridden = directive.arguments.get("usedOverridden") is True and not label
    return FieldView(
        name=field.name,
        type=base_name(_text(directive, "type") or field.type),
        external=overridden or directive.arguments.get("external") is True,
        overridden=overridden,
        requires_text=requires,
        requires=selection_paths(requires) if requires else (),
        provides=provided_tree(provides) if provides else (),
        label=Label(label, bool(_text(directive, "override"))) if label else None,
        contexts=tuple(_context_arguments(directive.arguments.get("contextArguments"))),
    )


def _context_arguments(value: Value) -> Iterator[ContextArgument]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict):
            context, selection = item.get("context"), item.get("selection")
            if isinstance(context, str) and isinstance(selection, str):
                yield ContextArgument(context, selection, selection_paths(selection))


def _complete(subgraphs: Mapping[str, SubgraphView], supergraph: Schema) -> None:
    for subgraph in subgraphs.values():
        for operation, name in supergraph.definition.roots.items():
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


def _supertypes(composite: Iterable[CompositeType]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for type_ in composite:
        if isinstance(type_, UnionType):
            for member in type_.members:
                found[member].add(type_.name)
        elif isinstance(type_, ObjectType):
            found[type_.name].update(type_.interfaces)
    return {name: frozenset(names) for name, names in found.items()}


def _contexts(supergraph: Schema, composite: Iterable[CompositeType]) -> dict[str, frozenset[str]]:
    """The contexts each object type sets: its own, and those of its interfaces and unions."""
    found: dict[str, set[str]] = defaultdict(set)
    for type_ in composite:
        names = {_text(directive, "name") for directive in applied(type_, "context")}
        for name in (type_.name, *supergraph.possible_types(type_.name)) if names else ():
            found[name] |= names
    return {name: frozenset(names) for name, names in found.items()}
