"""What tests may not do, looked for in their source."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic_ns", "process_time", "thread_time", "time_ns"}
"""What tells how long something took, CPU time included: a busy machine's is longer. Work is counted instead
(`tests/support/work.py`; the commands that measure are there too). `monotonic` is for giving up waiting."""


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


def test_no_test_tells_how_long_something_took() -> None:
    looking = [
        f"{path.relative_to(TESTS)}:{node.lineno} {each.attr}"
        for path, node in functions(TESTS)
        if path.relative_to(TESTS).parts[0] != "support"
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
