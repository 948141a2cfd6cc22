"""The supergraph is read once: by one module, from one text, with one parser."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import graphql

from router.app import Router
from schema import Supergraph, api_schema
from schema.supergraph import read as supergraph_read
from tests.schema.composition.support import composed

ROOT = Path(__file__).parents[2]
WRITERS = ("schema/merge/", "schema/specs/join.py")
READER = "schema/supergraph/read.py"
_JOIN = re.compile(r'"join__(?:type|field|implements|unionMember|enumValue|owner|graph|Graph)"')
SDL = 'type Query { t: T } type T @key(fields: "id") { id: ID! name: String @inaccessible }'


def joins(supergraph: Supergraph) -> dict[str, object]:
    """What subgraphs have of each type and field."""
    return {
        name: (type_.joins, {field.name: (field.type, field.joins) for field in type_.fields.values()})
        for name, type_ in supergraph.types.items()
    }


def test_one_module_reads_the_directives_of_join() -> None:
    modules = [path for folder in ("schema", "router", "plait") for path in (ROOT / folder).rglob("*.py")]
    named = {str(path.relative_to(ROOT)) for path in modules if _JOIN.search(path.read_text())}
    assert {name for name in named if not name.startswith(WRITERS)} == {READER}


def test_a_router_reads_its_text_once_and_never_with_graphql_core() -> None:
    text = composed(a=SDL).supergraph_sdl
    with (
        patch.object(supergraph_read, "read_text", wraps=supergraph_read.read_text) as read,
        patch.object(graphql, "parse", side_effect=AssertionError("graphql-core parses a supergraph")),
    ):
        Router(text)
    assert read.call_count == 1


def test_a_composition_holds_the_supergraph_its_text_is_read_to() -> None:
    composition = composed(a=SDL)
    read = Supergraph.parse(composition.supergraph_sdl)
    assert joins(composition.supergraph) == joins(read)
    assert composition.supergraph.subgraphs == read.subgraphs
    assert composition.supergraph.inaccessible == read.inaccessible == "inaccessible"
    assert graphql.print_schema(api_schema(composition.supergraph)) == graphql.print_schema(api_schema(read))
