"""What all of merging shares: the subgraphs, the supergraph so far, failures and hints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar

from schema.merge.links import SupergraphLinks
from schema.model.definitions import (
    NOWHERE,
    Element,
    Field,
    InputValue,
    InterfaceType,
    ObjectType,
    Schema,
    SchemaDefinition,
    TypeDefinition,
)
from schema.report.collect import failure
from schema.report.errors import CompositionFailure, ErrorCode, Location
from schema.report.hints import Hint, HintCode, hint
from schema.report.wording import listed, subgraphs
from schema.subgraph.facts import is_interface_object
from schema.subgraph.states import Subgraph
from schema.validate.interfaces import membership

_T = TypeVar("_T")
Sources: TypeAlias = Mapping[int, _T | None]
"""An element in each subgraph, by the subgraph's number, in order; None where it is missing."""

Usage = Literal["input", "output"]


@dataclass(slots=True)
class Merge:
    """One merge under way."""

    subgraphs: list[Subgraph]
    links: SupergraphLinks
    graphs: list[str]
    merged: Schema
    failures: list[CompositionFailure] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    types: dict[str, dict[int, TypeDefinition]] = field(default_factory=dict)
    interface_objects: dict[str, list[int]] = field(default_factory=dict)
    enum_usages: dict[str, dict[Usage, tuple[str, Sources[Field] | Sources[InputValue]]]] = field(
        default_factory=dict
    )
    removed: set[Element] = field(default_factory=set)
    is_member: Callable[[str, str], bool] = field(init=False)

    def __post_init__(self) -> None:
        self.is_member = membership(self.merged)

    # Sources

    def type_sources(self, type_: TypeDefinition) -> dict[int, TypeDefinition]:
        """The type in the subgraphs where it has the supergraph's kind; an @interfaceObject counts as
        interface.
        """
        kind = type(type_)
        return {
            number: source
            for number, source in self.types[type_.name].items()
            if self.kind_of(number, source) is kind
        }

    def kind_of(self, number: int, source: TypeDefinition) -> type[TypeDefinition]:
        """The kind of type the supergraph has for a subgraph's type."""
        if is_interface_object(source, self.subgraphs[number].names):
            return InterfaceType
        return type(source)

    def is_external(self, number: int, field_: Field) -> bool:
        """Is the field external in that subgraph?"""
        return field_ in self.subgraphs[number].facts.external

    # Reporting

    def place(self, number: int, element: Element | SchemaDefinition) -> tuple[Location, ...]:
        """Where an element stands in its subgraph."""
        return self.places({number: element})

    def places(self, sources: Mapping[int, Element | SchemaDefinition | None]) -> tuple[Location, ...]:
        """Where an element stands in each of its subgraphs."""
        return tuple(
            self.subgraphs[number].source.location(source.at)
            for number, source in sources.items()
            if source is not None and source.at != NOWHERE
        )

    def token_place(self, number: int, token: int) -> tuple[Location, ...]:
        """Where a token stands in a subgraph; nowhere when nobody wrote it."""
        return (self.subgraphs[number].source.location(token),) if token != NOWHERE else ()

    def fail(
        self,
        code: ErrorCode,
        message: str,
        places: Iterable[Location] = (),
        remedy: str | None = None,
    ) -> None:
        """Notes why the subgraphs do not compose."""
        self.failures.append(failure(code, message, tuple(dict.fromkeys(places)), remedy))

    def hint(self, code: HintCode, message: str, places: Iterable[Location] = ()) -> None:
        """Notes something worth knowing."""
        self.hints.append(hint(code, message, tuple(dict.fromkeys(places))))

    def names(self, numbers: Iterable[int]) -> list[str]:
        """The names of subgraphs by number."""
        return [self.subgraphs[number].name for number in numbers]

    def split(self, sources: Mapping[int, object]) -> str:
        """`subgraph "a" but not in subgraph "b"`: where an element is and is not."""
        having = self.names(number for number, source in sources.items() if source is not None)
        lacking = self.names(number for number, source in sources.items() if source is None)
        return f"{subgraphs(having)} but not in {subgraphs(lacking)}"

    def spread(self, values: Mapping[int, str]) -> str:
        """`Int in subgraph "a" but String in subgraphs "b" and "c"`: who says what."""
        by_value: dict[str, list[int]] = {}
        for number, value in values.items():
            by_value.setdefault(value, []).append(number)
        return listed(
            [f"{value} in {subgraphs(self.names(numbers))}" for value, numbers in by_value.items()], "but"
        )


def present(sources: Sources[_T]) -> dict[int, _T]:
    """The sources that are there."""
    return {number: source for number, source in sources.items() if source is not None}


def abstracting_fields(
    merge: Merge, parent: TypeDefinition, name: str, number: int
) -> list[tuple[str, Field]]:
    """The @interfaceObject fields by which a subgraph that lacks `parent` resolves `parent.name`.

    The subgraph knows the type only as one of an interface's, so its field on the interface object is the
    type's.
    """
    if not isinstance(parent, ObjectType) or not merge.interface_objects:
        return []
    types = merge.subgraphs[number].schema.types
    if parent.name in types:
        return []
    found = []
    for interface_name in parent.interfaces:
        interface = merge.merged.types.get(interface_name)
        source = types.get(interface_name)
        if (
            isinstance(interface, InterfaceType)
            and name in interface.fields
            and isinstance(source, ObjectType)
            and name in source.fields
        ):
            found.append((interface_name, source.fields[name]))
    return found
