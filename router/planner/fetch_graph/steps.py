"""The fetch graph: the requests of a plan, what each selects, and which must answer before which.

A `FetchStep` is one request, or the part of one that asks about the objects at one path. Its selection is
built from the picks (`router.planner.fetch_graph.build`), then the passes change the graph, and
`router.planner.assemble` turns it into plan nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.operation import Defer
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import OperationKind, Path, Rewrite
from router.planner.search.moves import ContextInput
from schema.graph import Node


@dataclass(eq=False, slots=True)
class FetchField:
    """A field of a subgraph operation. `needed_by` are the steps that take it as input, when internal."""

    key: str
    name: str
    arguments: str
    directives: str
    around: str
    variables: tuple[str, ...]
    conditions: Conditions
    type: str
    internal: bool
    needed_by: list[FetchStep] = field(default_factory=list)
    below: Selection | None = None


@dataclass(eq=False, slots=True)
class Selection:
    """What is selected of one object. `fragments` are its inline fragments by type."""

    node: Node
    step: FetchStep
    typename: bool = False
    client_typename: bool = False
    """Did the client ask for `__typename`, without a condition?"""
    is_identified: bool = False
    """Must a later request know the type of its objects? Then their name is asked, or known without."""
    fields: dict[tuple[str, str, str, str, str, Conditions], FetchField] = field(default_factory=dict)
    fragments: dict[str, Selection] = field(default_factory=dict)

    def all_fields(self) -> Iterator[FetchField]:
        """Its fields and those of its inline fragments, not what is below them."""
        yield from self.fields.values()
        for fragment in self.fragments.values():
            yield from fragment.all_fields()

    def fragment(self, node: Node) -> Selection:
        """`... on` the node's type, made when first asked for."""
        found = self.fragments.get(node.type_name)
        if found is None:
            found = self.fragments[node.type_name] = Selection(node, self.step)
            self.typename = self.step.has_fragments = True
        return found


@dataclass(eq=False, slots=True)
class Requirement:
    """What representations copy from objects of `on`, and the type they are sent as."""

    on: str
    sent_as: str
    rewrites_type: bool
    """Must `__typename` be set to `sent_as`? An @interfaceObject does not know the concrete types."""
    fields: dict[str, RequiredTree] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class RequiredTree:
    """A copied field: the key it has in the data, its name in the representation, what is below by type."""

    key: str
    name: str
    on: str | None
    below: dict[str, RequiredTree] = field(default_factory=dict)

    @property
    def renames(self) -> bool:
        """Is it, or something below it, renamed by an input rewrite?"""
        return self.key != self.name or any(tree.renames for tree in self.below.values())


@dataclass(eq=False, slots=True)
class FetchStep:
    """One request to `graph` about the objects at `path` (the root when `kind` says so)."""

    number: int
    graph: int
    path: Path
    stage: int
    kind: OperationKind | None
    """The operation kind when the root is asked, None for entities."""
    position_conditions: Conditions
    selections: dict[str, Selection] = field(default_factory=dict)
    requires: dict[tuple[str, str], Requirement] = field(default_factory=dict)
    parents: set[FetchStep] = field(default_factory=set)
    contexts: list[tuple[str, ContextInput, Path]] = field(default_factory=list)
    conditions: Conditions = NO_CONDITIONS
    output_rewrites: list[Rewrite] = field(default_factory=list)
    turn: int = 0
    """Which turn of a mutation it belongs to: they run one after another."""
    defer: Defer | None = None
    """The deferred part that the request belongs to."""
    is_batchable: bool = True
    has_fragments: bool = False
    """Does a selection of it, at any depth, tell types apart?"""
    known_type: str | None = None
    """The type of all objects at its path, where that needs no asking."""


@dataclass(eq=False, slots=True)
class FetchGraph:
    """Steps in the order they were made; parents always come at an earlier stage than their children."""

    steps: list[FetchStep] = field(default_factory=list)
    index: dict[tuple[object, ...], FetchStep] = field(default_factory=dict)
    answered: dict[Defer, set[FetchStep]] = field(default_factory=dict)
    """Deferred parts, and the steps of other parts that answer some of their fields."""

    def fits(self, step: FetchStep, requirement: Requirement) -> bool:
        """Can the step ask for these objects too? A representation has one value for a field, and objects
        sent as one type are all asked the same.
        """
        return all(
            compatible(known.fields, requirement.fields)
            and (known.sent_as != requirement.sent_as or known.on == requirement.on)
            for known in step.requires.values()
        )

    def step(
        self,
        graph: int,
        path: Path,
        stage: int,
        kind: OperationKind | None,
        conditions: Conditions,
        extra: object,
    ) -> FetchStep:
        """The step for these, made when first asked for. `extra` keeps apart what is not one request."""
        key = (graph, path, stage, kind, conditions, extra)
        found = self.index.get(key)
        if found is None:
            found = self.index[key] = FetchStep(len(self.steps), graph, path, stage, kind, conditions)
            self.steps.append(found)
        return found


def compatible(first: dict[str, RequiredTree], second: dict[str, RequiredTree]) -> bool:
    """Can one representation hold both? Not when a field is wanted with different arguments."""
    keys = {tree.name: tree for tree in first.values()}
    for tree in second.values():
        other = keys.get(tree.name)
        if other is not None and (other.key != tree.key or not compatible(other.below, tree.below)):
            return False
    return True
