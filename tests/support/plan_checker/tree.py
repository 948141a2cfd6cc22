"""The data a plan gathers, symbolically: every object position holds one branch per concrete type.

    Query ── me ──▶ User                            a `Node` per branch, a `Value` per response key,
             │  └─ __typename, id, pet ──▶ Cat | Dog   a `Position` for the objects under a value
             └─ written by (fetch 1, no parallel)

A list is represented by one element (all elements are alike), with its depth kept on the value. Each value
remembers who wrote it; a fetch inside a Parallel does not see what the other branches of that Parallel wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.support.plan_checker.finding import Findings


@dataclass(frozen=True, slots=True)
class Moment:
    """When a fetch runs: its number and its branch of each Parallel (or part of each Defer) around it.

    `after` lists the moments a deferred part waits for, and so may read though they lie in another part.
    """

    number: int = 0
    branches: tuple[tuple[int, int], ...] = ()
    after: tuple[Moment, ...] = ()

    def sees(self, writer: Moment) -> bool:
        # Strictly earlier: the parts of one batch do not see each other.
        if writer.number < self.number and _compatible(writer, self):
            return True
        return any(writer == moment or moment.sees(writer) for moment in self.after)

    def inside(self, group: int, branch: int, after: tuple[Moment, ...] = ()) -> Moment:
        return replace(self, branches=(*self.branches, (group, branch)), after=self.after + after)


def _compatible(writer: Moment, reader: Moment) -> bool:
    own = dict(reader.branches)
    return all(own.get(group, branch) == branch for group, branch in writer.branches)


@dataclass(eq=False, slots=True)
class Node:
    """An object of concrete type `type_name`. `origin` is the gathered node a fetched entity belongs to."""

    type_name: str
    parent: Node | None = None
    origin: Node | None = None
    reach: frozenset[str] | None = None
    """Subgraphs that could have returned it; None at the root: all."""
    promised: bool = True
    """Its type is one that every subgraph that could have returned it knows: it can occur."""
    fields: dict[str, Value] = field(default_factory=dict)

    def source(self) -> Node:
        return self.origin or self

    def ancestors(self) -> Iterator[Node]:
        node: Node | None = self.source()
        while node is not None:
            yield node
            node = node.parent.source() if node.parent else None


@dataclass(eq=False, slots=True)
class Value:
    name: str
    arguments: str
    lists: int = 0
    branches: dict[str, Node] | None = None
    """The position under the value: concrete type → node; None for a leaf."""
    writers: list[Moment] = field(default_factory=list)
    constants: list[tuple[Moment, str]] = field(default_factory=list)
    """For `__typename`: what each writer wrote (an interface's name from an @interfaceObject)."""

    def visible(self, now: Moment | None) -> bool:
        return now is None or any(now.sees(writer) for writer in self.writers)

    def same_field(self, other: Value) -> bool:
        return (self.name, self.arguments, self.lists) == (other.name, other.arguments, other.lists)

    def __str__(self) -> str:
        return f"{self.name}({self.arguments})" if self.arguments else self.name


def visible_value(node: Node, key: str, now: Moment | None) -> Value | None:
    value = node.fields.get(key)
    return value if value is not None and value.visible(now) else None


def known_typename(node: Node, now: Moment | None, key: str = "__typename") -> str | None:
    """What reading `__typename` gives at `now`; None when nothing wrote it.

    The last write seen, but under its own key an object type's name is not replaced by an interface's.
    """
    value = visible_value(node, key, now)
    if value is None:
        return None
    seen = [(m.number, name) for m, name in value.constants if now is None or now.sees(m)]
    if key == "__typename" and any(name == node.type_name for _, name in seen):
        return node.type_name
    return max(seen)[1] if seen else None


def merge(target: Node, fetched: Node, moment: Moment, step: str, findings: Findings) -> None:
    """Writes a fetched object into the gathered one. A key that already holds another field is a conflict.

    Also when it is written later: the executor lets no null replace a value, so the first could stay.
    """
    for key, new in fetched.fields.items():
        old = target.fields.get(key)
        if old is None:
            target.fields[key] = new
            _adopt(new, target, moment)
            continue
        if not old.same_field(new):
            place = f"{key!r} of {target.type_name}"
            findings.add("conflict", step, f"writes {new} at {place}, which already holds {old}")
            continue
        old.writers.append(moment)
        old.constants += [(moment, name) for _, name in new.constants]
        if old.branches is not None and new.branches is not None:
            _merge_positions(old.branches, new.branches, target, moment, step, findings)


def _merge_positions(
    old: dict[str, Node],
    new: dict[str, Node],
    parent: Node,
    moment: Moment,
    step: str,
    findings: Findings,
) -> None:
    """Both subgraphs answered for the same object, so its type is one that both know: the intersection."""
    for name in list(old):
        if name in new:
            merge(old[name], new[name], moment, step, findings)
        else:
            del old[name]


def _adopt(value: Value, parent: Node, moment: Moment) -> None:
    value.writers.append(moment)
    value.constants = [(moment, name) for _, name in value.constants]
    for node in (value.branches or {}).values():
        node.parent = parent
        for below in node.fields.values():
            _adopt(below, node, moment)
