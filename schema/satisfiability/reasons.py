"""Why a subgraph cannot answer a field, in plain words, and what would let it.

Two questions per failure: why is the field not resolved where the plan stands, and why can it not go to a
subgraph that resolves it. Each reason comes with the change that would remove it, where there is an obvious
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schema.satisfiability.conditions import Conditions
from schema.satisfiability.findings import Failure
from schema.satisfiability.model import FieldView, Key, SubgraphView, TypeView, Views
from schema.satisfiability.places import Place, Places
from schema.satisfiability.selections import Path, print_path


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence about one subgraph; `remedy` is what to change, when that is clear."""

    subgraph: str
    text: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Explainer:
    """Finds the reasons of a failure."""

    places: Places
    conditions: Conditions

    def reasons(self, failure: Failure) -> list[Reason]:
        """The reasons, those of the places the operation led to first."""
        state, type_name, name = failure.state, failure.state.type, failure.field.name
        reasons: list[Reason] = []
        for place in sorted(state.open, key=lambda place: (place not in state.arrived, place.order)):
            reasons.extend(self._not_here(place, failure))
        entered = {place.subgraph for place in state.open}
        owners = [
            owner
            for owner in _owners(self.places.views, type_name, name)
            if not (owner[0] in entered and self._is_open(failure, owner))
        ]
        for place in sorted(state.arrived, key=lambda place: place.order):
            for subgraph, view in owners:
                reasons.extend(self._no_way(place, subgraph, view, failure))
        return list(dict.fromkeys(reasons))

    def _is_open(self, failure: Failure, owner: tuple[SubgraphView, TypeView]) -> bool:
        return any(p.subgraph is owner[0] and p.view.name == owner[1].name for p in failure.state.open)

    def _not_here(self, place: Place, failure: Failure) -> Iterator[Reason]:
        subgraph, field = place.subgraph.name, place.view.fields.get(failure.field.name)
        coordinate = f"{failure.state.type}.{failure.field.name}"
        if field is None:
            if place in failure.state.arrived:
                yield Reason(subgraph, f'it has no field "{coordinate}"')
        elif place.resolved.get(field.name) is None:
            yield self._external(subgraph, field, coordinate)
        elif field.label and (field.label.name, field.label.value) not in failure.labels:
            value = str(field.label.value).lower()
            text = f'it resolves "{coordinate}" only while the label "{field.label.name}" is {value}'
            yield Reason(subgraph, text)
        else:
            yield from self._unmet(place, field, coordinate)

    def _external(self, subgraph: str, field: FieldView, coordinate: str) -> Reason:
        if field.overridden:
            return Reason(subgraph, f'"{coordinate}" is overridden by another subgraph')
        remedy = f'Remove @external from "{coordinate}" in "{subgraph}" if it can resolve the field.'
        return Reason(subgraph, f'"{coordinate}" is only @external there', remedy)

    def _unmet(self, place: Place, field: FieldView, coordinate: str) -> Iterator[Reason]:
        subgraph = place.subgraph.name
        missing = [path for path in field.requires if not self.conditions.holds(place, path)]
        if missing:
            text = (
                f'"{coordinate}" @requires "{field.requires_text}", but {_selections(missing)} cannot be '
                f"fetched from there"
            )
            remedy = (
                f'Make {_selections(missing)} reachable from "{place.view.name}" in "{subgraph}": '
                f"through a @key that it can provide, and not on a field that is being moved with a label."
            )
            yield Reason(subgraph, text, remedy)
        elif field.requires and not place.view.has_local_key:
            text = (
                f'"{coordinate}" @requires fields of other subgraphs, but "{place.view.name}" has no @key to '
                f"come back by"
            )
            yield Reason(subgraph, text, f'Add a @key to "{place.view.name}" in "{subgraph}".')
        elif field.contexts:
            names = ", ".join(f'"{argument.context.rpartition("__")[2]}"' for argument in field.contexts)
            text = (
                f'"{coordinate}" needs the context {names}, which this operation does not set or cannot read'
            )
            yield Reason(subgraph, text)

    def _no_way(
        self, place: Place, owner: SubgraphView, view: TypeView, failure: Failure
    ) -> Iterator[Reason]:
        if owner is place.subgraph:
            return
        here, there, coordinate = (
            place.subgraph.name,
            owner.name,
            f"{failure.state.type}.{failure.field.name}",
        )
        to = f'it cannot go on to "{there}", which resolves "{coordinate}"'
        usable = [key for key in view.keys if key.resolvable]
        if place.view.interface_object and place.view.name != view.name:
            text = f'{to}: "{there}" has no interface "{place.view.name}" with a @key'
            remedy = f'Define the interface "{place.view.name}" with a @key in "{there}".'
            yield Reason(here, text, remedy)
        elif not view.keys:
            yield Reason(here, f'{to}: "{view.name}" has no @key there', self._add_key(place, owner, view))
        elif not usable:
            text = f'{to}: every @key of "{view.name}" there is declared resolvable: false'
            remedy = self._open_key(place, owner, view)
            yield Reason(here, text, remedy)
        for key in usable:
            missing = self._missing(place, key)
            if missing:
                needed = f"needs {_selections(missing)}, which cannot be fetched here"
                text = f'{to}: its @key(fields: "{key.text}") {needed}'
                yield Reason(here, text, self._provide(place, key, missing))

    def _missing(self, place: Place, key: Key) -> list[Path]:
        return [path for path in key.paths if not self.conditions.holds(place, path)]

    def _provide(self, place: Place, key: Key, missing: list[Path]) -> str:
        return (
            f'Add @key(fields: "{key.text}") with {_selections(missing)} to "{place.view.name}" in '
            f'"{place.subgraph.name}".'
        )

    def _open_key(self, place: Place, owner: SubgraphView, view: TypeView) -> str:
        """A key that only declares its type, made one to enter by, if the place can serve it."""
        for key in view.keys:
            if not self._missing(place, key):
                return f'Let @key(fields: "{key.text}") on "{view.name}" in "{owner.name}" be resolvable.'
        return self._add_key(place, owner, view)

    def _add_key(self, place: Place, owner: SubgraphView, view: TypeView) -> str:
        """A key the owner could have and the place could serve, preferably one the entity has elsewhere."""
        for key in self._known_keys(view.name):
            if self._could_have(owner, view, key) and not self._missing(place, key):
                return f'Add @key(fields: "{key.text}") to "{view.name}" in "{owner.name}".'
        shared = [
            name
            for name, field in view.fields.items()
            if name in place.resolved and field.type not in owner.types and not field.external
        ]
        if shared:
            name = "id" if "id" in shared else shared[0]
            return f'Add @key(fields: "{name}") to "{view.name}" in "{owner.name}".'
        return (
            f'Give "{view.name}" a @key both "{owner.name}" and "{place.subgraph.name}" have, or let '
            f'"{place.subgraph.name}" resolve the field too, with @shareable on both.'
        )

    def _known_keys(self, type_name: str) -> Iterator[Key]:
        for subgraph in self.places.views.subgraphs:
            view = subgraph.types.get(type_name)
            yield from view.keys if view else ()

    def _could_have(self, owner: SubgraphView, view: TypeView, key: Key) -> bool:
        return all(isinstance(path[0], str) and path[0] in view.fields for path in key.paths)


def _owners(views: Views, type_name: str, field: str) -> Iterator[tuple[SubgraphView, TypeView]]:
    """The subgraphs that resolve the field, and the type they have it on: the object or its interface
    object.
    """
    above = views.supertypes.get(type_name, frozenset())
    for subgraph in views.subgraphs:
        for name in (type_name, *sorted(above)):
            view = subgraph.types.get(name)
            if view is None or (name != type_name and not view.interface_object):
                continue
            if field in view.fields and not view.fields[field].external:
                yield subgraph, view


def _selections(paths: Iterable[Path]) -> str:
    return " and ".join(f'"{print_path(path)}"' for path in paths)
