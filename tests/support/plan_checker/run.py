"""Runs a plan on the symbolic tree, for one assignment of the conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from graphql import SelectionSetNode

from router import plan
from router.plan import BatchFetch, EntityBatch, Fetch, Path, PlanNode, RequiredSelection, Rewrite
from router.plan.paths import response_keys, shown_path
from tests.support.plan_checker.answer import Answerer
from tests.support.plan_checker.client import ClientOperation
from tests.support.plan_checker.documents import Documents, SubgraphDocument
from tests.support.plan_checker.finding import Findings
from tests.support.plan_checker.paths import nodes_at
from tests.support.plan_checker.representation import (
    Builder,
    Representation,
    complete_key,
    rewrite_input,
)
from tests.support.plan_checker.response import is_root
from tests.support.plan_checker.rewrites import context_sources, rewrite_output
from tests.support.plan_checker.selection import Collector, sub_selections
from tests.support.plan_checker.subgraph import SubgraphView
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, merge
from tests.support.plan_checker.variables import check_variables


@dataclass(frozen=True, slots=True)
class MutationStep:
    """One request of root mutation fields, in the order they are asked."""

    keys: tuple[str, ...]
    moment: Moment


@dataclass(frozen=True, slots=True)
class EntityAsk:
    """An entity fetch, alone or as one part of a batch."""

    key: str
    variable: str
    paths: tuple[Path, ...]
    known_types: tuple[str | None, ...]
    requires: tuple[RequiredSelection, ...]
    input_rewrites: tuple[Rewrite, ...] = ()
    output_rewrites: tuple[Rewrite, ...] = ()
    context_rewrites: tuple[Rewrite, ...] = ()


@dataclass(slots=True)
class Run:
    supergraph: Supergraph
    client: ClientOperation
    assignment: Mapping[str, bool]
    findings: Findings
    documents: Documents
    root: Node
    number: int = 0
    groups: int = 0
    finished: dict[str, Moment] = field(default_factory=dict)
    """Fetch id → when it ran: what a deferred part may wait for."""
    mutations: list[MutationStep] = field(default_factory=list)
    touched: list[tuple[Moment, str]] = field(default_factory=list)
    """Root response key under which each entity fetch wrote."""
    defers: list[tuple[plan.Defer, Moment, int, Path]] = field(default_factory=list)

    def run(self, node: PlanNode | None, clock: Moment, path: Path = ()) -> None:
        match node:
            case None:
                return
            case Fetch():
                self._fetch(node, clock, path)
            case BatchFetch():
                self._batch(node, clock, path)
            case plan.Flatten():
                self.run(node.node, clock, path + node.path)
            case plan.Sequence():
                for child in node.nodes:
                    self.run(child, clock, path)
            case plan.Parallel():
                self.groups += 1
                group = self.groups
                for branch, child in enumerate(node.nodes):
                    self.run(child, clock.inside(group, branch), path)
            case plan.Condition():
                holds = self.assignment[node.condition]
                self.run(node.if_clause if holds else node.else_clause, clock, path)
            case plan.Defer():
                self._defer(node, clock, path)
            case plan.Subscription():
                self.run(node.primary, clock, path)
                self.run(node.rest, clock, path)
            case _:
                assert_never(node)

    def _defer(self, node: plan.Defer, clock: Moment, path: Path) -> None:
        self.groups += 1
        group = self.groups
        self.defers.append((node, clock, group, path))
        self.run(node.primary.node, clock.inside(group, 0))
        for branch, deferred in enumerate(node.deferred, 1):
            self.run(deferred.node, clock.inside(group, branch, self._after(deferred)))

    def _after(self, deferred: plan.DeferredNode) -> tuple[Moment, ...]:
        for dependency in deferred.depends:
            if dependency.id not in self.finished:
                self.findings.add("defer", dependency.id, "depends on a fetch that does not run before it")
        return tuple(self.finished[d.id] for d in deferred.depends if d.id in self.finished)

    def _start(
        self, service: str, text: str, kind: str, clock: Moment, path: Path
    ) -> tuple[Moment, str, SubgraphView, SubgraphDocument] | None:
        self.number += 1
        step = f"fetch {self.number} of {service} at {shown_path(path) or 'the root'}"
        view = self.supergraph.subgraph(service)
        if view is None:
            self.findings.add("unknown-service", step, f"{service!r} is not a subgraph")
            return None
        document = self.documents.get(view, text, kind, step)
        if document is None:
            return None
        return replace(clock, number=self.number), step, view, document

    def _fetch(self, node: Fetch, clock: Moment, path: Path) -> None:
        started = self._start(node.service_name, node.operation, node.operation_kind, clock, path)
        if started is None:
            return
        now, step, view, document = started
        own = {r.rename_to for r in node.context_rewrites if isinstance(r, plan.KeyRenamer)}
        answerer = self._answerer(view, document, step)
        if node.requires:
            own.add("representations")
            ask = EntityAsk(
                "_entities",
                "representations",
                (path,),
                (node.known_type,),
                node.requires,
                node.input_rewrites,
                node.output_rewrites,
                node.context_rewrites,
            )
            self._entities(ask, answerer, document, now)
        else:
            self._root_fields(node, answerer, document, now, path)
        check_variables(document.operation, self.client, node.variable_usages, own, self.findings, step)
        if node.id is not None:
            self.finished[node.id] = now

    def _batch(self, node: BatchFetch, clock: Moment, path: Path) -> None:
        started = self._start(node.service_name, node.operation, "query", clock, path)
        if started is None:
            return
        now, step, view, document = started
        for entity in node.entities:
            if all(self.assignment[variable] == value for variable, value in entity.condition):
                ask = self._batch_part(entity, path)
                self._entities(ask, self._answerer(view, document, f"{step} ({ask.key})"), document, now)
        own = {entity.variable for entity in node.entities}
        check_variables(document.operation, self.client, node.variable_usages, own, self.findings, step)

    @staticmethod
    def _batch_part(entity: EntityBatch, path: Path) -> EntityAsk:
        return EntityAsk(
            entity.alias,
            entity.variable,
            tuple(path + p for p in entity.paths),
            entity.known_types or (None,) * len(entity.paths),
            entity.requires,
            entity.input_rewrites,
            entity.output_rewrites,
        )

    def _answerer(self, view: SubgraphView, document: SubgraphDocument, step: str) -> Answerer:
        collector = Collector.of(document.document, self.assignment)
        return Answerer(self.supergraph, view, collector, self.findings, step, {})

    def _root_fields(
        self, node: Fetch, answerer: Answerer, document: SubgraphDocument, now: Moment, path: Path
    ) -> None:
        runtime = self.supergraph.root_type(node.operation_kind)
        targets = nodes_at(self.root, path, now, self.supergraph, self.findings, answerer.step)
        for target in targets:
            if not is_root(self.supergraph, target.type_name):
                self.findings.add("representation", answerer.step, f"{target.type_name} is no root type")
                return
            fetched = Node(runtime, origin=target)
            answerer.answer([document.operation.selection_set], runtime, fetched)
            if node.operation_kind == "mutation" and target is self.root:
                self.mutations.append(
                    MutationStep(tuple(k for k, v in fetched.fields.items() if v.name != "__typename"), now)
                )
            rewrite_output(fetched, node.output_rewrites, self.supergraph, self.findings, answerer.step)
            merge(target, fetched, now, answerer.step, self.findings)

    def _entities(self, ask: EntityAsk, answerer: Answerer, document: SubgraphDocument, now: Moment) -> None:
        selections = self._entity_selections(ask, answerer, document)
        if selections is None:
            return
        for path, known in zip(ask.paths, ask.known_types, strict=True):
            self.touched.append((now, next(iter(response_keys(path)), "")))
            for target in nodes_at(self.root, path, now, self.supergraph, self.findings, answerer.step):
                if target.promised:
                    self._entity(target, known, ask, answerer, selections, now)

    def _entity_selections(
        self, ask: EntityAsk, answerer: Answerer, document: SubgraphDocument
    ) -> list[SelectionSetNode] | None:
        fields = answerer.collector.collect([document.operation.selection_set], lambda _: True)
        nodes = fields.get(ask.key, [])
        if not nodes or any(n.name.value != "_entities" for n in nodes):
            self.findings.add(
                "representation", answerer.step, f"the operation has no _entities at {ask.key!r}"
            )
            return None
        given = [a.value for n in nodes for a in n.arguments or () if a.name.value == "representations"]
        if any(getattr(getattr(v, "name", None), "value", None) != ask.variable for v in given):
            self.findings.add("representation", answerer.step, f"_entities is not given ${ask.variable}")
            return None
        return sub_selections(nodes)

    def _entity(
        self,
        target: Node,
        known_type: str | None,
        ask: EntityAsk,
        answerer: Answerer,
        selections: Sequence[SelectionSetNode],
        now: Moment,
    ) -> None:
        if known_type not in (None, target.type_name):
            said = f"{target.type_name} is said to be {known_type}"
            self.findings.add("representation", answerer.step, said)
            return
        builder = Builder(self.supergraph, now, known_type)
        representation = builder.build(target, ask.requires)
        for missing in builder.missing:
            self.findings.suspect(answerer.step, f"{missing} is not fetched before it is needed")
        if representation is None:
            return
        for problem in rewrite_input(representation, ask.input_rewrites, self.supergraph):
            self.findings.add("rewrite", answerer.step, problem)
        runtime = self._resolved_type(representation, answerer)
        if runtime is None:
            return
        answerer.contexts = context_sources(
            target, ask.context_rewrites, now, self.supergraph, self.findings, answerer.step
        )
        fetched = Node(target.type_name, origin=target)
        answerer.answer(selections, runtime, fetched, (), representation)
        rewrite_output(fetched, ask.output_rewrites, self.supergraph, self.findings, answerer.step)
        merge(target, fetched, now, answerer.step, self.findings)

    def _resolved_type(self, representation: Representation, answerer: Answerer) -> str | None:
        """The subgraph's object type that answers a representation; None, with a finding, when none can."""
        sent, actual, view = representation.typename, representation.type_name, answerer.view
        problem: str | None = None
        runtime = actual
        if sent is None:
            problem = f"the representation of {actual} has no __typename"
        elif sent in view.interface_objects:
            runtime = sent
            if actual not in self.supergraph.possible(sent):
                problem = f"{actual} is sent as {sent}"
        elif actual not in view.runtime_types(sent):
            problem = f"{actual} is sent as {sent}, which {view.name} cannot resolve to it"
        if problem is None and sent is not None:
            key, reasons = complete_key(representation, view, self.supergraph, sent)
            if key is None:
                self.findings.add(
                    "key", answerer.step, f"no key of {sent} for {actual}: {'; '.join(reasons)}"
                )
            return runtime
        self.findings.add("representation", answerer.step, problem or "")
        return None
