"""Defer: the primary part holds all that is not deferred, each deferred part its own, together all."""

from __future__ import annotations

from graphql import OperationDefinitionNode, SelectionSetNode, parse

from router.plan import Defer, Path
from router.plan.paths import shown_path
from tests.support.plan_checker.paths import nodes_below
from tests.support.plan_checker.response import ResponseCheck
from tests.support.plan_checker.run import Run
from tests.support.plan_checker.selection import Collector
from tests.support.plan_checker.tree import Moment

END = 1_000_000
"""A moment after every fetch of a part."""


def check_defers(run: Run, asked: set[tuple[int, str]]) -> None:
    """`asked` holds every leaf (object, response key) of the client's whole operation."""
    if not run.defers:
        return
    covered: set[tuple[int, str]] = set()
    paths: dict[int, Path] = {}
    for defer, clock, group, _ in run.defers:
        base = paths.get(id(defer), ())
        primary = Moment(END, clock.branches, clock.after).inside(group, 0)
        covered |= _check_part(run, defer.primary.subselection, base, primary)
        for branch, deferred in enumerate(defer.deferred, 1):
            if isinstance(deferred.node, Defer):
                paths[id(deferred.node)] = deferred.query_path
            after = tuple(run.finished[d.id] for d in deferred.depends if d.id in run.finished)
            now = Moment(END, clock.branches, clock.after).inside(group, branch, after)
            if deferred.node is None:
                now = primary  # nothing to fetch: it follows the primary part
            covered |= _check_part(run, deferred.subselection, deferred.query_path, now)
    if asked - covered:
        keys = sorted({key for _, key in asked - covered})
        run.findings.add("defer", "the subselections", f"no part of the response holds {', '.join(keys)}")
    _check_primary(run)


def _check_part(run: Run, subselection: str | None, path: Path, now: Moment) -> set[tuple[int, str]]:
    """Every field of the subselection is there at `now`; returns what it covers."""
    if subselection is None:
        return set()
    document = parse(subselection, no_location=True)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return _check(run, Collector.of(document, run.assignment), operation.selection_set, path, now)


def _check_primary(run: Run) -> None:
    """What the client did not defer is in the outermost primary part."""
    defer, clock, group, _ = run.defers[0]
    now = Moment(END, clock.branches, clock.after).inside(group, 0)
    collector = Collector.of(run.client.document, run.assignment, with_deferred=False)
    needed = _check(run, collector, run.client.operation.selection_set, (), now)
    covered = _check_part(run, defer.primary.subselection, (), now)
    if needed - covered:
        keys = sorted({key for _, key in needed - covered})
        run.findings.add("defer", "the primary part", f"its subselection lacks {', '.join(keys)}")


def _check(
    run: Run, collector: Collector, selections: SelectionSetNode, path: Path, now: Moment
) -> set[tuple[int, str]]:
    roots = frozenset(run.supergraph.root_type(kind) for kind in ("query", "mutation", "subscription"))
    check = ResponseCheck(run.supergraph, collector, run.findings, now, roots=roots)
    for node in nodes_below(run.root, path, now, run.supergraph):
        check.check([selections], node, node.type_name, shown_path(path))
    return check.covered
