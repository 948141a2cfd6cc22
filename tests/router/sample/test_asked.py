"""What the planner says a fetch asks is what its text asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, print_ast

from router.executor.apart import document_of_part
from router.executor.dependencies import Sharing
from router.executor.in_flight import EntityPart
from router.executor.selection import KeyTree
from router.plan import AskedField, AskedSelection, BatchFetch, EntityBatch, Fetch
from router.plan.asked import ALWAYS, When, read_asked
from router.planner import QueryPlanner
from router.transport.base import SubgraphDocument
from tests.router.sample.cases import FILES, planned, read
from tests.support.planning import requests

Place = tuple[str, ...]


def fields(
    selections: Iterable[AskedSelection], place: Place = (), when: When = ALWAYS
) -> Iterator[tuple[Place, list[tuple[str, bool]]]]:
    """Every field by its types and keys, with all conditions that it stands under."""
    for selection in selections:
        both = when | selection.when
        if isinstance(selection, AskedField):
            here = (*place, f"{selection.key}:{selection.name}")
            yield here, sorted(both)
        else:
            here = place if selection.on is None else (*place, f"... on {selection.on}")
        yield from fields(selection.selections, here, both)


def same(node: Fetch | BatchFetch) -> bool:
    read_back = read_asked(node.operation)
    assert node.asked is not None
    told = (sorted(fields(node.asked.selections)), node.asked.defaulted)
    return told == (sorted(fields(read_back.selections)), read_back.defaulted)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_planner_says_what_its_text_asks(path: Path) -> None:
    graph = read(path)
    planner = QueryPlanner(graph.supergraph())
    made = [node for case in graph.cases for node in requests(planned(planner, case))]
    assert [node.operation for node in made if not same(node)] == []


def test_a_part_by_itself_asks_what_it_asks_in_its_batch() -> None:
    batches = 0
    for path in FILES:
        graph = read(path)
        planner = QueryPlanner(graph.supergraph())
        made = [node for case in graph.cases for node in requests(planned(planner, case))]
        for batch in [node for node in made if isinstance(node, BatchFetch)]:
            batches += 1
            document = SubgraphDocument(batch.operation, batch.operation_name)
            for part in batch.entities:
                assert part.alone is not None
                text, used = part.alone.operation, {part.variable, *part.alone.variable_usages}
                read_back, variables = document_of_part(document, entity_part(replace(part, alone=None)))
                assert print_ast(parse(text)) == print_ast(parse(read_back.text))
                assert used == variables
    assert batches > 10


def entity_part(batch: EntityBatch) -> EntityPart:
    """As far as its document goes."""
    nothing: tuple[Any, ...] = ()
    names, rest = (batch.alias, batch.variable), (nothing, nothing, nothing, frozenset[str](), Sharing.ALL)
    return EntityPart(*names, nothing, KeyTree(), *rest, batch.alone)


def test_a_text_from_elsewhere_is_read() -> None:
    asked = read_asked(
        "query A($a: Boolean = true, $b: Int) {"
        "  x: n @skip(if: $a) ...F @include(if: true) z @skip(if: true)"
        "} fragment F on T { ... @include(if: $b) { m { k } } }"
    )
    assert asked.defaulted == {"a"}
    assert dict(fields(asked.selections)) == {
        ("x:n",): [("a", False)],
        ("... on T", "m:m"): [("b", True)],
        ("... on T", "m:m", "k:k"): [("b", True)],
    }
