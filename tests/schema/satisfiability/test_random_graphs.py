"""Properties of satisfiability on random graphs."""

from __future__ import annotations

from random import Random
from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schema import CompositionError, ErrorCode
from schema.satisfiability.visits import Visits
from tests.schema.satisfiability.graphs import composed, failures, operation
from tests.schema.satisfiability.random_graphs import random_graph

RANDOM = st.randoms(use_true_random=False)
SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
FOUND_HERE = {ErrorCode.SATISFIABILITY_ERROR, ErrorCode.SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES}


def found(graph: dict[str, str]) -> tuple[set[ErrorCode], set[str]]:
    """The codes, and the coordinates of the fields that cannot be reached."""
    try:
        composed(**graph)
    except CompositionError as error:
        codes = {failure.code for failure in error.errors}
        assume(codes <= FOUND_HERE)
        stuck = [f for f in error.errors if f.code is ErrorCode.SATISFIABILITY_ERROR]
        return codes, {_last_step(operation(f)) for f in stuck if not f.message.startswith("The mutation")}
    return set(), set()


def _last_step(shown: str) -> str:
    """The name of the deepest field or type condition of an operation on one line."""
    steps = [word for word in shown.replace("...", "").split() if word not in "{}"]
    return steps[-1]


@SETTINGS
@given(RANDOM)
def test_the_order_of_subgraphs_changes_nothing(chance: Random) -> None:
    graph = random_graph(chance)
    assert found(graph) == found(dict(reversed(graph.items())))


@SETTINGS
@given(RANDOM)
def test_skipping_covered_states_never_turns_a_failure_into_a_success(chance: Random) -> None:
    """Below a failure nothing is looked at, so a state that gets further may fail at more fields."""
    graph = random_graph(chance)
    codes, fields = found(graph)
    with patch.object(Visits, "covers", lambda _self, _state: False):
        all_codes, all_fields = found(graph)
    assert codes == all_codes
    assert fields <= all_fields


@SETTINGS
@given(RANDOM)
def test_every_failure_says_where_and_why(chance: Random) -> None:
    for failure in failures(**random_graph(chance)):
        if failure.code in FOUND_HERE:
            assert failure.locations
            assert '\n- "s' in failure.message
