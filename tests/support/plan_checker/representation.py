"""Representations: built from gathered data by a fetch's `requires`, judged by the keys they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graphql import SelectionSetNode

from router.plan import (
    KeyRenamer,
    PathStep,
    RequiredField,
    RequiredFragment,
    RequiredSelection,
    Rewrite,
    TypeCondition,
    ValueSetter,
)
from tests.support.plan_checker.field_set import arguments_text
from tests.support.plan_checker.selection import Collector, sub_selections
from tests.support.plan_checker.subgraph import Key, SubgraphView
from tests.support.plan_checker.supergraph import Supergraph
from tests.support.plan_checker.tree import Moment, Node, Value, known_typename, visible_value

STATIC = Collector({}, {})
"""Field sets hold no named fragments and no conditions."""


@dataclass(eq=False, slots=True)
class Representation:
    """What is sent for one branch: its `__typename` and, per field, the gathered value it was copied from."""

    type_name: str
    typename: str | None = None
    fields: dict[str, RepresentedField] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class RepresentedField:
    value: Value
    branches: dict[str, Representation] | None = None


@dataclass(slots=True)
class Builder:
    """Copies what `requires` says. A group of fields (one fragment's) is copied whole or not at all."""

    supergraph: Supergraph
    now: Moment
    known_type: str | None = None
    """What the plan says the object's type is; its name is not read then."""
    missing: list[str] = field(default_factory=list)
    """Fields a group lacked: the executor leaves such a group out."""

    def build(self, node: Node, selections: Sequence[RequiredSelection]) -> Representation | None:
        """None when no group could be copied: such an object is not sent."""
        representation = Representation(node.type_name, self.known_type)
        groups = list(self._groups(node, selections, self.known_type))
        copied = [group for group in groups if self._has_all(node, group, "")]
        for group in copied:
            self._copy(node, group, representation)
        return representation if copied else None

    def _groups(
        self, node: Node, selections: Sequence[RequiredSelection], known: str | None = None
    ) -> Iterator[tuple[RequiredField, ...]]:
        own = tuple(s for s in selections if isinstance(s, RequiredField))
        if own:
            yield tuple(s for s in own if known is None or s.name != "__typename")
        for selection in selections:
            if isinstance(selection, RequiredFragment) and self._applies(
                node, selection.type_condition, known
            ):
                yield from self._groups(node, selection.selections, known)

    def _applies(self, node: Node, condition: str | None, known: str | None) -> bool:
        if condition is None:
            return True
        typename = known or known_typename(node, self.now)
        return typename is not None and self.supergraph.is_subtype(typename, condition)

    def _has_all(self, node: Node, group: Sequence[RequiredField], path: str) -> bool:
        return all(self._has(node, required, path) for required in group)

    def _has(self, node: Node, required: RequiredField, path: str) -> bool:
        where = f"{path}{required.name}"
        value = visible_value(node, required.name, self.now)
        if value is None or (required.name == "__typename" and known_typename(node, self.now) is None):
            self.missing.append(f"{where} of {node.type_name}")
            return False
        return all(
            self._has_all(child, group, f"{where}.")
            for child in (value.branches or {}).values()
            if child.promised
            for group in self._groups(child, required.selections)
        )

    def _copy(self, node: Node, group: Sequence[RequiredField], into: Representation) -> None:
        for required in group:
            if required.name == "__typename":
                into.typename = known_typename(node, self.now)
                continue
            value = node.fields[required.name]
            copy = into.fields.setdefault(required.name, RepresentedField(value))
            if value.branches is None:
                continue
            if copy.branches is None:
                copy.branches = {n: Representation(n) for n, c in value.branches.items() if c.promised}
            for name, representation in copy.branches.items():
                child = value.branches[name]
                for below in self._groups(child, required.selections):
                    self._copy(child, below, representation)


def rewrite_input(
    representation: Representation, rewrites: Sequence[Rewrite], supergraph: Supergraph
) -> list[str]:
    """Applies input rewrites in place; returns what could not be applied.

    What a type and its interface both ask of an object is renamed twice: the second time finds it done.
    """
    problems: list[str] = []
    renamed: set[tuple[int, str, str]] = set()
    for rewrite in rewrites:
        targets = [representation]
        *steps, last = rewrite.path
        for step in steps:
            targets = _descend(targets, step, supergraph)
        for target in targets:
            match rewrite:
                case ValueSetter() if last == "__typename":
                    target.typename = str(rewrite.value)
                case ValueSetter():
                    problems.append(f"sets {last!r} to a constant, which no key or requirement can be")
                case KeyRenamer() if isinstance(last, str) and last in target.fields:
                    target.fields[rewrite.rename_to] = target.fields.pop(last)
                    renamed.add((id(target), last, rewrite.rename_to))
                case KeyRenamer() if (id(target), last, rewrite.rename_to) in renamed:
                    pass
                case KeyRenamer():
                    problems.append(f"renames {last!r}, which the representation does not hold")
    return problems


def _descend(targets: list[Representation], step: PathStep, supergraph: Supergraph) -> list[Representation]:
    if isinstance(step, TypeCondition):
        return [
            t
            for t in targets
            if any(supergraph.is_subtype(t.typename, each) for each in step.types if t.typename)
        ]
    if not isinstance(step, str):
        return targets
    found: list[Representation] = []
    for target in targets:
        below = target.fields.get(step)
        found += (below.branches or {}).values() if below else ()
    return found


def absent_fields(
    representation: Representation,
    selection_sets: Sequence[SelectionSetNode],
    supergraph: Supergraph,
) -> list[str]:
    """Fields of a field set the representation does not hold with the right arguments, on some branch."""
    actual = representation.type_name

    def applies(condition: str | None) -> bool:
        return condition is None or actual in supergraph.possible(condition)

    absent: list[str] = []
    for key, nodes in STATIC.collect(selection_sets, applies).items():
        if key == "__typename":
            continue
        definition = supergraph.schema.type_map[actual].fields[nodes[0].name.value]  # type: ignore[attr-defined]
        wanted = Value(nodes[0].name.value, arguments_text(nodes[0], definition))
        held = representation.fields.get(nodes[0].name.value)
        if held is None:
            absent.append(str(wanted))
        elif (held.value.name, held.value.arguments) != (wanted.name, wanted.arguments):
            absent.append(f"{wanted} (holds {held.value})")
        else:
            for name, child in (held.branches or {}).items():
                below = absent_fields(child, sub_selections(nodes), supergraph)
                absent += [f"{key}.{b} on {name}" for b in below]
    return absent


def complete_key(
    representation: Representation, view: SubgraphView, supergraph: Supergraph, type_name: str
) -> tuple[Key | None, list[str]]:
    """The first resolvable key held in full, or None and why each key fails."""
    reasons: list[str] = []
    for key in view.keys.get(type_name, ()):
        absent = absent_fields(representation, [key.fields], supergraph)
        if key.resolvable and not absent:
            return key, []
        reasons.append("a key is not resolvable" if not key.resolvable else f"lacks {', '.join(absent)}")
    return None, reasons or [f"{type_name} has no key in {view.name}"]
