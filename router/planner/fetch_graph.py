"""The fetch graph: the requests of a plan, what each selects, and which must answer before which.

A `Group` is one request, or the part of one that asks about the objects at one path. Its selection is built
while homes are made real (`router.planner.realize`), then the passes in `router.planner.optimize` change the
graph, and `router.planner.assemble` turns it into plan nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from router.operation import Defer
from router.operation.model import NO_CONDITIONS, Conditions
from router.plan import OperationKind, Path, Rewrite
from router.planner.homes import ContextInput
from schema.graph import Node


@dataclass(eq=False, slots=True)
class OutField:
    """A field of a subgraph operation. `wanted_by` are the groups that need it as input, when internal."""

    key: str
    name: str
    arguments: str
    directives: str
    around: str
    variables: tuple[str, ...]
    conditions: Conditions
    type: str
    internal: bool
    wanted_by: list[Group] = field(default_factory=list)
    below: Selection | None = None


@dataclass(eq=False, slots=True)
class Selection:
    """What is selected of one object. `casts` are its inline fragments by type."""

    node: Node
    group: Group
    is_abstract: bool
    typename: bool = False
    client_typename: bool = False
    """Did the client ask for `__typename`, without a condition?"""
    fields: dict[tuple[str, str, str, str, str, Conditions], OutField] = field(default_factory=dict)
    casts: dict[str, Selection] = field(default_factory=dict)

    def all_fields(self) -> Iterator[OutField]:
        """Its fields and those of its inline fragments, not what is below them."""
        yield from self.fields.values()
        for cast in self.casts.values():
            yield from cast.all_fields()

    def cast(self, node: Node) -> Selection:
        found = self.casts.get(node.type_name)
        if found is None:
            found = self.casts[node.type_name] = Selection(node, self.group, False)
            self.typename = True
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
class Group:
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
    parents: set[Group] = field(default_factory=set)
    contexts: list[tuple[str, ContextInput, Path]] = field(default_factory=list)
    conditions: Conditions = NO_CONDITIONS
    input_rewrites: list[Rewrite] = field(default_factory=list)
    output_rewrites: list[Rewrite] = field(default_factory=list)
    serial: int = 0
    block: Defer | None = None
    """The deferred part that the request belongs to."""
    is_batchable: bool = True


@dataclass(eq=False, slots=True)
class FetchGraph:
    """Groups in the order they were made; parents always come at an earlier stage than their children."""

    groups: list[Group] = field(default_factory=list)
    index: dict[tuple[object, ...], Group] = field(default_factory=dict)
    answered: dict[Defer, set[Group]] = field(default_factory=dict)
    """Deferred parts, and the groups of other parts that answer some of their fields."""

    def fits(self, group: Group, requirement: Requirement) -> bool:
        """Can the group ask for these objects too? A representation has one value for a field, and objects
        sent as one type are all asked the same.
        """
        return all(
            compatible(known.fields, requirement.fields)
            and (known.sent_as != requirement.sent_as or known.on == requirement.on)
            for known in group.requires.values()
        )

    def group(
        self,
        graph: int,
        path: Path,
        stage: int,
        kind: OperationKind | None,
        conditions: Conditions,
        extra: object,
    ) -> Group:
        """The group for these, made when first asked for. `extra` keeps apart what is not one request."""
        key = (graph, path, stage, kind, conditions, extra)
        found = self.index.get(key)
        if found is None:
            found = self.index[key] = Group(len(self.groups), graph, path, stage, kind, conditions)
            self.groups.append(found)
        return found


def compatible(first: dict[str, RequiredTree], second: dict[str, RequiredTree]) -> bool:
    """Can one representation hold both? Not when a field is wanted with different arguments."""
    keys = {tree.name: tree for tree in first.values()}
    for tree in second.values():
        other = keys.get(tree.name)
        if other is not None and (other.key != tree.key or not compatible(other.below, tree.below)):
            return False
    return True
