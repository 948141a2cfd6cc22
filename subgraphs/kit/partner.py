"""What partners may be shown, by `@tag(name: "partner")`: contracts are cut along it (docs/partners.md).

    SHOWN = {"Query": ("event", "events"), "Event": ("id", "title", "venue"), "Venue": ("id", "name")}
    FederatedSchema(Query, …, partner=SHOWN)

A domain names its fields in one place. A list brings the page and the places it is made of, with what these
know. What is not named is not shown: a field that is added tomorrow is no partner's until somebody says so.
Types that several domains have (PageInfo, Money) carry the tag themselves: `tags=[PARTNER]`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type
from strawberry.federation.schema_directives import Tag
from strawberry.schema.schema_converter import GraphQLCoreConverter

Shown: TypeAlias = Mapping[str, Iterable[str]]
"""Name of a type → its fields that partners may see."""

PARTNER: Final = "partner"
PLACES: Final = ("pageInfo", "edges")
"""What a page of a list has."""


class NotShown(LookupError):
    """A field is named for partners that the schema does not have."""

    def __init__(self, missing: Iterable[str]) -> None:
        super().__init__(f"partners are to see what is not there: {', '.join(missing)}")


def show_partners(schema: GraphQLSchema, shown: Shown) -> None:
    """Tags the fields, in the definitions from which the schema is printed. Raises NotShown, naming every
    field that is missing. O(fields shown).
    """
    missing = []
    for name, fields in shown.items():
        there = _fields(schema.type_map.get(name))
        missing += [f"{name}.{field}" for field in fields if field not in there]
        for field in [there[name] for name in fields if name in there]:
            _tag(field)
            for kind in _pages(field):
                _tag(kind)
    if missing:
        raise NotShown(missing)


def _pages(listing: GraphQLField) -> Iterator[GraphQLObjectType]:
    """Of a list its connection, and the places in that."""
    fields = _fields(connection := get_named_type(listing.type))
    if isinstance(connection, GraphQLObjectType) and fields.keys() >= {*PLACES}:
        yield connection
        place = get_named_type(fields["edges"].type)
        assert isinstance(place, GraphQLObjectType)
        yield place


def _fields(kind: object) -> Mapping[str, GraphQLField]:
    return kind.fields if isinstance(kind, GraphQLObjectType) else {}


def _tag(element: GraphQLField | GraphQLObjectType) -> None:
    """Once: a schema may be built again."""
    definition: Any = element.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    tags = {each.name for each in definition.directives or () if isinstance(each, Tag)}
    if PARTNER not in tags:
        definition.directives = [*(definition.directives or ()), Tag(name=PARTNER)]
