"""What tests may not do, looked for in their source."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ENGINE = ("router", "schema")
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic_ns", "time_ns"}
"""What tells how long something took. Work is counted instead, or CPU time taken (`process_time`)."""


def functions(folder: Path) -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_a_property_assumes_where_an_example_does_not_fit() -> None:
    returning = [
        f"{path.relative_to(TESTS)}:{node.lineno} {node.name}"
        for path, node in functions(TESTS)
        if any(ast.unparse(each).startswith("given(") for each in node.decorator_list)
        and any(isinstance(each, ast.Return) for each in ast.walk(node))
    ]
    assert returning == [], "use hypothesis.assume: an example that returns has shown nothing"


def test_no_test_of_the_engine_looks_at_the_clock() -> None:
    looking = [
        f"{path.relative_to(TESTS)}:{node.lineno} {each.attr}"
        for folder in ENGINE
        for path, node in functions(TESTS / folder)
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute) and each.attr in CLOCKS
    ]
    assert looking == []


@pytest.mark.xdist_group("together")
def test_what_shares_an_expensive_fixture_runs_in_one_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 names a test's group after it; from pytest 9.2 on that is lost without a word."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process runs everything")
    assert request.node.nodeid.endswith("@together")
