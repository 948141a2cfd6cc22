"""Every list and count of the graph says what it costs, and operations are estimated by that."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from graphql import (
    ConstDirectiveNode,
    FieldDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

from plait.cli.first_operation import FIRST_OPERATION
from router.demand.costs import Costs
from router.demand.estimate import estimate
from router.planner import QueryPlanner
from schema import SubgraphDefinition, Supergraph, compose
from subgraphs.export import FOLDER
from subgraphs.registry import DOMAINS

DEAR = {"signUp", "login", "resetPassword", "changePassword", "deleteAccount"} | {
    "accountExport",
    "attendingFile",
    "freeSlots",
}


@cache
def committed(domain: str) -> str:
    """test_export.py says that it is what the domain serves."""
    return (FOLDER / f"{domain}.graphql").read_text()


def fields(domain: str) -> Iterator[tuple[str, FieldDefinitionNode]]:
    for definition in parse(committed(domain)).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            for field in definition.fields or ():
                yield f"{definition.name.value}.{field.name.value}", field


def said(field: FieldDefinitionNode, name: str) -> dict[str, str]:
    """The arguments of a directive; empty when the field does not have it."""
    found = [each for each in field.directives or () if each.name.value == name]
    return {key: value for each in found for key, value in arguments(each)}


def arguments(directive: ConstDirectiveNode) -> Iterator[tuple[str, str]]:
    for argument in directive.arguments or ():
        yield argument.name.value, print_ast(argument.value)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_list_by_pages_says_how_long_it_is_and_every_count_and_search_what_it_costs(
    domain: str,
) -> None:
    for name, field in fields(domain):
        given = {argument.name.value for argument in field.arguments or ()}
        if {"first", "last"} <= given:
            size = said(field, "listSize")
            assert size["slicingArguments"] == '["first", "last"]', name
            assert size["sizedFields"] == '["edges", "nodes"]', name
            assert (size["assumedSize"], size["requireOneSlicingArgument"]) == ("20", "false"), name
        if field.name.value == "totalCount" or field.name.value.startswith("search"):
            assert int(said(field, "cost")["weight"]) >= 10, name


def test_what_hashes_a_password_or_reads_all_there_is_of_somebody_is_dear() -> None:
    dear = {
        field.name.value
        for domain in DOMAINS
        for _, field in fields(domain)
        if said(field, "cost").get("weight") == "100"
    }
    assert dear == DEAR


@cache
def planner() -> QueryPlanner:
    definitions = [
        SubgraphDefinition(name=domain, url=f"http://{domain}", sdl=committed(domain)) for domain in DOMAINS
    ]
    return QueryPlanner(Supergraph.parse(compose(definitions).supergraph_sdl))


def cost(query: str, **variables: object) -> float:
    reading = planner()
    return estimate(reading.normalize(query), Costs(reading.supergraph, 10), strict=False).of(variables)


def test_an_operation_costs_by_the_pages_it_asks_for() -> None:
    events = "query($n: Int) { events(first: $n) { nodes { id title } } }"
    assert cost(events, n=100) == pytest.approx(
        100 * (cost(events, n=1) - cost(events, n=0)) + cost(events, n=0)
    )
    nested = "{ users(first: %d) { nodes { posts(first: %d) { nodes { id } } } } }"
    assert cost(nested % (100, 100)) > 50 * cost(nested % (10, 10))
    assert cost("{ events { nodes { id } totalCount } }") == cost("{ events { nodes { id } } }") + 10


def test_the_first_operation_of_the_readme_costs_a_fraction_of_pages_within_pages() -> None:
    deep = "{ users(first: 100) { nodes { posts(first: 100) { nodes { author { id } } } } } }"
    assert cost(FIRST_OPERATION) * 20 < cost(deep)
