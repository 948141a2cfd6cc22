"""From a query plan to the step graph: everything a request does not change is worked out here, once.

The tree is flattened in plan order while the steps that the plan puts ahead of each are remembered;
then what each step reads and writes decides what it really waits for. `@defer` is run as part of the
whole: its nodes wait for the primary ones they depend on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from router.errors import RouterError
from router.executor.contexts import ContextRead
from router.executor.dependencies import (
    Conflicts,
    Footprint,
    context_reads,
    dependencies,
    held_at,
    path_reads,
    required_reads,
)
from router.executor.entity_step import EntityStep
from router.executor.in_flight import EntityPart
from router.executor.paths import PathStep, path_steps, response_keys
from router.executor.possible_types import PossibleTypes
from router.executor.root_step import RootStep
from router.executor.selection import FetchText, Keys, KeyTree, Write, read_fetch_text
from router.executor.steps import Step, StepGraph, VariableUsages, holds
from router.executor.store.dicts import DictEntityCode, DictRootCode
from router.executor.store.protocol import Codes, EntityCode
from router.plan import (
    BatchFetch,
    Condition,
    Defer,
    EntityBatch,
    Fetch,
    Flatten,
    KeyRenamer,
    Parallel,
    Path,
    PlanNode,
    QueryPlan,
    Sequence,
    Subscription,
)
from router.plan.paths import response_keys as plan_keys
from router.transport.base import SubgraphDocument


class SubscriptionNotSupported(RouterError):
    code = "SUBSCRIPTIONS_NOT_SUPPORTED"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A fetch of the plan with where it is, when it runs and what comes before it."""

    node: Fetch | BatchFetch
    path: Path
    before: frozenset[int]
    text: FetchText


@dataclass(slots=True)
class _Flattener:
    variables: Mapping[str, Any]
    possible: PossibleTypes
    placed: list[_Placed] = field(default_factory=list)

    def add(self, node: PlanNode, path: Path, before: frozenset[int]) -> frozenset[int]:
        """Places the fetches of `node`; returns their indices."""
        match node:
            case BatchFetch() if not any(holds(part.condition, self.variables) for part in node.entities):
                return frozenset()
            case BatchFetch():
                return self._place(_decided(node, self.variables), path, before)
            case Fetch():
                return self._place(node, path, before)
            case Flatten():
                return self.add(node.node, path + node.path, before)
            case Sequence():
                done = before
                for child in node.nodes:
                    done |= self.add(child, path, done)
                return done - before
            case Parallel():
                return self._add_all(node.nodes, path, before)
            case Condition():
                return self._add_condition(node, path, before)
            case Defer():
                primary = self._add_optional(node.primary.node, path, before)
                deferred = tuple(part.node for part in node.deferred if part.node is not None)
                return primary | self._add_all(deferred, path, before | primary)
            case Subscription():
                raise SubscriptionNotSupported("Subscriptions are not supported by this router yet.")
            case _:
                assert_never(node)

    def _place(self, node: Fetch | BatchFetch, path: Path, before: frozenset[int]) -> frozenset[int]:
        text = read_fetch_text(node, self.variables, self.possible)
        self.placed.append(_Placed(node, path, before, text))
        return frozenset((len(self.placed) - 1,))

    def _add_all(self, nodes: tuple[PlanNode, ...], path: Path, before: frozenset[int]) -> frozenset[int]:
        return frozenset().union(*(self.add(node, path, before) for node in nodes))

    def _add_condition(self, node: Condition, path: Path, before: frozenset[int]) -> frozenset[int]:
        value = self.variables.get(node.condition)
        chosen = node.if_clause if value is True else node.else_clause if value is False else None
        return self._add_optional(chosen, path, before)

    def _add_optional(self, node: PlanNode | None, path: Path, before: frozenset[int]) -> frozenset[int]:
        return self.add(node, path, before) if node is not None else frozenset()


def _decided(node: BatchFetch, variables: Mapping[str, Any]) -> BatchFetch:
    """Parts that do not run have no objects: their representations are empty."""
    return replace(
        node,
        entities=tuple(
            part if holds(part.condition, variables) else replace(part, paths=(), known_types=())
            for part in node.entities
        ),
    )


def compile_plan(
    plan: QueryPlan, possible: PossibleTypes, variables: Mapping[str, Any], *, serial: bool = False
) -> StepGraph:
    """`variables` decide the plan's conditions. `serial` (a mutation) keeps the plan's own order.

    O(steps squared x keys).
    """
    flattener = _Flattener(variables, possible)
    if plan.node is not None:
        flattener.add(plan.node, (), frozenset())
    placed = flattener.placed
    footprints = [_footprint(step, possible) for step in placed]
    waits = dependencies(footprints, in_plan_order=serial)
    dependents: list[list[int]] = [[] for _ in placed]
    for index, needed in enumerate(waits):
        for other in needed:
            dependents[other].append(index)
    conflicts = Conflicts(footprints)
    return StepGraph(
        tuple(
            _step(step, _Touched(number, footprints[number], conflicts), possible)
            for number, step in enumerate(placed)
        ),
        tuple(tuple(indices) for indices in dependents),
        tuple(len(needed) for needed in waits),
        tuple(index for index, needed in enumerate(waits) if not needed),
    )


def _footprint(step: _Placed, possible: PossibleTypes) -> Footprint:
    reads: set[Keys] = set()
    parts: list[frozenset[Write]] = []
    paths: list[tuple[PathStep, ...]] = []
    for batch, tree in _parts(step):
        writes: set[Write] = set()
        for path in batch.paths:
            parsed = path_steps(path, possible)
            base = response_keys(parsed)
            paths.append(parsed)
            reads |= path_reads(parsed)
            if batch.requires:
                reads |= required_reads(base, batch.requires)
            writes.update(tree.writes(*held_at(parsed)))
            writes.update(
                _renamed(base, rewrite)
                for rewrite in batch.output_rewrites
                if isinstance(rewrite, KeyRenamer)
            )
            for rewrite in _contexts(step.node):
                reads |= context_reads(base, rewrite)
        parts.append(frozenset(writes))
    return Footprint(step.before, frozenset(reads), tuple(parts), tuple(paths), bool(_contexts(step.node)))


def _renamed(base: Keys, rewrite: KeyRenamer) -> Write:
    path = (*base, *plan_keys(rewrite.path[:-1]), rewrite.rename_to)
    return path, (None,) * len(path)


def _contexts(node: Fetch | BatchFetch) -> tuple[KeyRenamer, ...]:
    if isinstance(node, BatchFetch):
        return ()
    return tuple(rewrite for rewrite in node.context_rewrites if isinstance(rewrite, KeyRenamer))


def _parts(step: _Placed) -> list[tuple[EntityBatch, KeyTree]]:
    """A plain fetch seen as a batch of one; without `requires` it asks a root type."""
    node = step.node
    if isinstance(node, BatchFetch):
        return [(batch, step.text.tree.child(batch.alias)) for batch in node.entities]
    single = EntityBatch(
        "_entities",
        "representations",
        (step.path,),
        node.requires,
        node.input_rewrites,
        node.output_rewrites,
        known_types=(node.known_type,),
    )
    return [(single, step.text.tree.child("_entities") if node.requires else step.text.tree)]


@dataclass(frozen=True, slots=True)
class _Touched:
    """A step's number and footprint among those of all."""

    number: int
    footprint: Footprint
    conflicts: Conflicts

    def contested(self, part: int, paths: Iterable[tuple[PathStep, ...]]) -> frozenset[str]:
        """The part's keys that something else writes as well, or something in them."""
        lengths = {len(response_keys(path)) for path in paths}
        contested = self.conflicts.contested(self.number, part, self.footprint.parts[part])
        return frozenset(keys[length] for keys in contested for length in lengths if len(keys) > length)


def _step(step: _Placed, touched: _Touched, possible: PossibleTypes) -> Step:
    node = step.node
    kind = node.operation_kind if isinstance(node, Fetch) else "query"
    usages = VariableUsages(node.variable_usages, step.text.defaulted)
    document = SubgraphDocument(node.operation, node.operation_name, kind == "mutation")
    if isinstance(node, Fetch) and not node.requires:
        target = path_steps(step.path, possible)
        contested = touched.contested(0, (target,))
        tree, rewrites = step.text.tree, node.output_rewrites
        code = DictRootCode(target or None, tree, contested, rewrites, possible)
        return RootStep(
            node.service_name, document, usages, tree, contested, rewrites, target or None, code, Codes(code)
        )
    parts = tuple(
        _part(batch, tree, number, touched, possible) for number, (batch, tree) in enumerate(_parts(step))
    )
    contexts = tuple(map(ContextRead.of, _contexts(node)))
    codes: Codes[EntityCode] = Codes(DictEntityCode(parts, contexts, possible))
    return EntityStep(node.service_name, document, usages, parts, contexts, possible, codes)


def _part(
    batch: EntityBatch, tree: KeyTree, number: int, touched: _Touched, possible: PossibleTypes
) -> EntityPart:
    paths = tuple(path_steps(path, possible) for path in batch.paths)
    return EntityPart(
        batch.alias,
        batch.variable,
        paths,
        tree,
        batch.requires,
        batch.input_rewrites,
        batch.output_rewrites,
        touched.contested(number, paths),
        touched.conflicts.sharing(paths, tree),
        batch.alone,
        batch.known_types,
    )
