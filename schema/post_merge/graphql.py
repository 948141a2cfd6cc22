"""The merged schema is valid GraphQL, applied directives included.

Each subgraph was right by itself, so nobody wrote what is wrong here: the places are those of the element in
all subgraphs that have it. Merged elements have none, so when something is wrong the elements are numbered,
and the rules run again with a report that knows the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from schema.merge.state import Merge
from schema.model.applications import index_applications
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import (
    NOWHERE,
    DirectiveDefinition,
    Element,
    EnumType,
    InputType,
    InterfaceType,
    ObjectType,
    Schema,
    SchemaDefinition,
    UnionType,
)
from schema.report.collect import GraphQLReport
from schema.report.errors import ErrorCode, Location
from schema.report.locate import Locator
from schema.validate.applications import check_application, check_repeats
from schema.validate.inputs import check_inputs
from schema.validate.interfaces import check_interfaces
from schema.validate.references import check_references
from schema.validate.shapes import check_shapes

_Place = tuple[str, str | None]
"""The coordinate of an element, and the name of a directive applied to it."""


def check_merged_graphql(merge: Merge) -> None:
    """Adds what is wrong to the merge's failures. Linear in the supergraph."""
    seen = _Seen()
    _check(merge.merged, seen)
    if seen.any:
        _check(merge.merged, _Report(merge, Locator(merge.subgraphs), _number(merge.merged)))


def _check(schema: Schema, report: _Seen | _Report) -> None:
    check_references(schema, report)
    if not report.any:
        check_shapes(schema, report)
        check_interfaces(schema, report)
        check_inputs(schema, report)
        _check_applied(schema, report)


def _check_applied(schema: Schema, report: GraphQLReport) -> None:
    for name, applications in index_applications(schema).items():
        if name == "link" or name.startswith("join__"):
            continue  # merging writes these as they are defined
        definition = schema.directives.get(name) or BUILT_IN_DIRECTIVES[name]
        for application in applications:
            check_application(definition, application, schema.types, report)
        check_repeats(definition, applications, report)


@dataclass(slots=True)
class _Seen:
    """Whether anything is wrong."""

    any: bool = False

    def invalid(self, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes that something is."""
        self.any = True


@dataclass(slots=True)
class _Report:
    """Adds failures to the merge. Tokens are numbers that `_number` gave."""

    merge: Merge
    locator: Locator
    numbered: list[_Place]
    any: bool = field(default=False, init=False)

    def invalid(self, message: str, *tokens: int, remedy: str | None = None) -> None:
        """Notes a failure of the supergraph."""
        self.any = True
        places = [place for token in tokens if token != NOWHERE for place in self._places(token)]
        self.merge.fail(
            ErrorCode.INVALID_GRAPHQL,
            f"The supergraph is not valid: {message}",
            places,
            remedy or "Let the subgraphs agree: each is valid by itself.",
        )

    def _places(self, token: int) -> tuple[Location, ...]:
        coordinate, directive = self.numbered[token]
        if directive is None:
            return self.locator.everywhere(coordinate)
        return self.locator.applications(coordinate, directive)


def _number(schema: Schema) -> list[_Place]:
    """Gives every element of the schema, and every directive on it, a number for its token."""
    places: list[_Place] = []

    def number(element: Element | SchemaDefinition | DirectiveDefinition, coordinate: str) -> None:
        element.at = len(places)
        places.append((coordinate, None))
        for directive in () if isinstance(element, DirectiveDefinition) else element.directives:
            directive.at = len(places)
            places.append((coordinate, directive.name))

    number(schema.definition, "schema")
    for definition in schema.directives.values():
        number(definition, f"@{definition.name}")
        for argument in definition.arguments.values():
            number(argument, f"@{definition.name}({argument.name}:)")
    for type_ in schema.types.values():
        number(type_, type_.name)
        match type_:
            case ObjectType() | InterfaceType():
                type_.interfaces = dict.fromkeys(type_.interfaces, type_.at)
                for field_ in type_.fields.values():
                    number(field_, f"{type_.name}.{field_.name}")
                    for argument in field_.arguments.values():
                        number(argument, f"{type_.name}.{field_.name}({argument.name}:)")
            case UnionType():
                type_.members = dict.fromkeys(type_.members, type_.at)
            case EnumType():
                for value in type_.values.values():
                    number(value, f"{type_.name}.{value.name}")
            case InputType():
                for member in type_.fields.values():
                    number(member, f"{type_.name}.{member.name}")
            case _:
                pass
    return places
