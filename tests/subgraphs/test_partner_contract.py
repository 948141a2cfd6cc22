"""What partners are shown of our own graph: a contract along `@tag(name: "partner")`."""

from __future__ import annotations

from functools import cache

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, parse, validate

from schema import Contract, SubgraphDefinition, api_schema, compose
from subgraphs.export import FOLDER
from subgraphs.kit.partner import NotShown, show_partners
from subgraphs.registry import DOMAINS, schema_of

PAGES = ("Connection", "Edge")
QUERIES = {
    *("event", "events", "searchEvents", "venue", "venues", "searchVenues"),
    *("artist", "artists", "searchArtists", "album", "albums", "searchAlbums"),
    *("track", "tracks", "searchTracks", "genre", "genres", "searchGenres"),
}
TYPES = {
    *("Query", "Event", "Venue", "GeoPoint", "Organization", "User", "TicketType", "Money"),
    *("EventImage", "Media", "MediaRendition"),
    *("Artist", "Album", "Track", "TrackArtist", "Genre", "PageInfo"),
}
OF_PEOPLE = {"id", "username", "displayName", "avatarUrl"}
SOLD = """{ searchEvents(text: "jazz", first: 5) { nodes {
    title startsAt images { altText media { url(variant: MEDIUM) } }
    venue { name city } host { displayName } organization { name }
    ticketTypes { name available price { amountMinor currency } } } pageInfo { endCursor } } }"""
BETWEEN_PEOPLE_AND_US = (
    "{ me { id } }",
    "{ events { nodes { attendees { nodes { id } } } } }",
    "{ events { nodes { host { email } } } }",
    "{ events { nodes { images { media { owner { id } } } } } }",
    "{ events { nodes { viewerRegistrations { id } } } }",
    "{ artists { nodes { managers { nodes { id } } } } }",
    "mutation { logout(input: {}) { errors { code } } }",
)


@cache
def shown() -> GraphQLSchema:
    """The API schema of the contract, of the committed schemas."""
    definitions = [
        SubgraphDefinition(domain, f"http://{domain}", (FOLDER / f"{domain}.graphql").read_text())
        for domain in DOMAINS
    ]
    contract = Contract(frozenset({"partner"}), frozenset(), True)
    return api_schema(compose(definitions, contract=contract).supergraph)


def objects() -> dict[str, GraphQLObjectType]:
    return {
        name: kind
        for name, kind in shown().type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    }


def test_partners_are_shown_what_is_on_and_what_is_played_and_nothing_else() -> None:
    assert {name for name in objects() if not name.endswith(PAGES)} == TYPES
    assert {*objects()["Query"].fields} == QUERIES
    assert {*objects()["User"].fields} == OF_PEOPLE


def test_a_partner_reads_an_event_over_five_services() -> None:
    assert validate(shown(), parse(SOLD)) == []


@pytest.mark.parametrize("query", BETWEEN_PEOPLE_AND_US)
def test_what_is_between_people_and_us_is_not_there_for_partners(query: str) -> None:
    assert validate(shown(), parse(query)) != []


def test_a_field_that_is_not_there_cannot_be_shown() -> None:
    schema = schema_of("events")._schema
    with pytest.raises(NotShown, match=r"Event\.prise, Evnt\.title"):
        show_partners(schema, {"Event": ("prise",), "Evnt": ("title",)})
