"""Where a plan can stand: at an object of a type in a subgraph, perhaps with more provided than usual.

    Place(subgraph, type, provided)  ──field──>  Place of the field's type, in the same subgraph
                                     ──key────>  Place of the same entity, in another subgraph

Places are made when first needed and only once, so they compare and hash by identity.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from schema.satisfiability.model import FieldView, Key, Kind, SubgraphView, TypeView, Views
from schema.satisfiability.selections import Cast, Path, Provided, Step, merge_provided

TYPENAME = "__typename"
_NOTHING: dict[Step, Provided] = {}


class Place:
    """A position in one subgraph. Slots and identity: the walk makes many and keeps them in sets."""

    __slots__ = ("_provided", "_resolved", "provided", "subgraph", "view")

    def __init__(self, subgraph: SubgraphView, view: TypeView, provided: Provided) -> None:
        self.subgraph = subgraph
        self.view = view
        self.provided = provided
        self._provided = dict(provided) if provided else _NOTHING
        self._resolved: dict[str, FieldView] | None = None

    @property
    def resolved(self) -> Mapping[str, FieldView]:
        """The fields this subgraph resolves here: all but external ones that nothing provides."""
        if self._resolved is None:
            fields = self.view.fields
            self._resolved = {
                name: fields[name] for name in fields if not fields[name].external or name in self._provided
            }
        return self._resolved

    @property
    def order(self) -> tuple[int, str, str]:
        """Sorts places the same way in every run, which their hashes do not."""
        return self.subgraph.position, self.view.name, str(self.provided) if self.provided else ""

    def provided_below(self, step: str | Cast) -> Provided:
        return self._provided.get(step, ())

    def __repr__(self) -> str:
        provided = " with provided fields" if self.provided else ""
        return f"{self.view.name} in {self.subgraph.name}{provided}"


class Places:
    """All places of a supergraph, and the keys that lead from one to another."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self._places: dict[tuple[str, str, Provided], Place] = {}
        self._subgraphs = {subgraph.name: subgraph for subgraph in views.subgraphs}
        self._entries = _entries(views)
        self._opened: dict[str, list[tuple[Key, list[Place]]]] = {}
        self._directly_provided: dict[tuple[str, str, str], bool] = {}

    def place(self, subgraph: SubgraphView, type_name: str, provided: Provided = ()) -> Place | None:
        """The place of a type in a subgraph; None when the type is a leaf or not there."""
        view = subgraph.types.get(type_name)
        if view is None:
            return None
        identity = (subgraph.name, type_name, provided)
        found = self._places.get(identity)
        if found is None:
            found = self._places[identity] = Place(subgraph, view, provided)
        return found

    def roots(self, operation: str) -> list[Place]:
        """Where operations of a kind can start: the root type of every subgraph that has one."""
        starts = (self.place(s, s.roots[operation]) for s in self.views.subgraphs if operation in s.roots)
        return [place for place in starts if place is not None]

    def follow(self, place: Place, field: FieldView) -> Place | None:
        """Where a field leads; None when it is a leaf."""
        provided = merge_provided(place.provided_below(field.name), field.provides)
        return self.place(place.subgraph, field.type, provided)

    def cast(self, place: Place, type_name: str) -> Place | None:
        """The same object seen as one of the runtime types its abstract type has here."""
        return self.place(place.subgraph, type_name, place.provided_below(Cast(type_name)))

    def entries(self, type_name: str) -> list[tuple[Key, list[Place]]]:
        """The keys by which an object known as this type is entered elsewhere, and the places they open."""
        found = self._opened.get(type_name)
        if found is None:
            found = self._opened[type_name] = [
                (key, [place for s, name in targets if (place := self.place(s, name)) is not None])
                for key, targets in self._entries.get(type_name, ())
            ]
        return found

    def root_jumps(self, place: Place) -> list[Place]:
        """From a root type one can go to the same root of any subgraph."""
        for operation, name in place.subgraph.roots.items():
            if name == place.view.name:
                return [other for other in self.roots(operation) if other.subgraph is not place.subgraph]
        return []

    def interface_field(self, place: Place, name: str) -> FieldView | None:
        """A field asked of an interface itself: possible when every runtime type here resolves it plainly."""
        field = place.view.fields.get(name)
        if field is None:
            return None
        if any(step == name for step, _ in place.provided):
            return field
        return field if self._resolved_by_all(place, field) else None

    def _resolved_by_all(self, place: Place, field: FieldView) -> bool:
        identity = (place.subgraph.name, place.view.name, field.name)
        known = self._directly_provided.get(identity)
        if known is None:
            types = place.subgraph.types
            local = (types[name] for name in self._runtime_types(place.view.name) if name in types)
            known = not field.external and all(_resolves_plainly(view, field.name) for view in local)
            self._directly_provided[identity] = known
        return known

    def _runtime_types(self, interface: str) -> tuple[str, ...]:
        return self.views.api.runtime_types.get(interface, ())


def _resolves_plainly(view: TypeView, name: str) -> bool:
    field = view.fields.get(name)
    return field is not None and not field.external and not field.requires


def _entries(views: Views) -> dict[str, list[tuple[Key, list[tuple[SubgraphView, str]]]]]:
    """By the name of the type one comes from: each distinct key with the places it opens.

    An interface object also opens from the implementations of its interface.
    """
    found: dict[str, dict[frozenset[Path], tuple[Key, list[tuple[SubgraphView, str]]]]] = defaultdict(dict)
    for subgraph in views.subgraphs:
        for view in subgraph.types.values():
            for key in view.keys:
                if not key.resolvable:
                    continue
                for name in (view.name, *_implementations(view, views)):
                    entry = found[name].setdefault(frozenset(key.paths), (key, []))
                    entry[1].append((subgraph, view.name))
    return {name: list(entries.values()) for name, entries in found.items()}


def _implementations(view: TypeView, views: Views) -> Iterator[str]:
    if view.interface_object and view.kind is Kind.OBJECT:
        yield from (name for name, above in views.supertypes.items() if view.name in above)
