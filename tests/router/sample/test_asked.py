"""What the planner says a fetch asks is what its text asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from router.plan import AskedField, AskedSelection, BatchFetch, Fetch
from router.plan.asked import ALWAYS, When, read_asked
from router.planner import QueryPlanner
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
