"""What still matters below a type: which labels and contexts, and whether runtime types may disagree.

A state need not remember other labels and contexts; without this, every label met on the way would double the
states of everything below it. And only above fields whose subgraphs return different runtime types must a
state be looked at that a smaller one covers: more places answer more, but may also disagree more. Computed
backwards over the API's type graph, only for what occurs: O(labels · graph).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from schema.satisfiability.model import Views
from schema.satisfiability.state import Contexts, Labels

_DISAGREEING = "disagreeing"


class Relevance:
    """Per type, the labels, contexts and possible disagreements of fields that can be reached from it."""

    def __init__(self, views: Views) -> None:
        labels: dict[str, set[str]] = defaultdict(set)
        contexts: dict[str, set[str]] = defaultdict(set)
        for subgraph in views.subgraphs:
            for view in subgraph.types.values():
                for field in view.fields.values():
                    if field.label:
                        labels[view.name].add(field.label.name)
                    contexts[view.name].update(argument.context for argument in field.contexts)
        disagreeing = {name: [_DISAGREEING] for name in _may_disagree(views)}
        used = any(labels.values()) or any(contexts.values()) or disagreeing
        parents = _parents(views) if used else {}
        self._labels = _spread(labels, parents)
        self._contexts = _spread(contexts, parents)
        self._disagreeing = _spread(disagreeing, parents).keys()

    def may_disagree(self, type_name: str) -> bool:
        """Can subgraphs disagree on the runtime types of a field below this type?"""
        return type_name in self._disagreeing

    def labels(self, type_name: str, labels: Labels) -> Labels:
        if not labels:
            return labels
        relevant = self._labels.get(type_name, frozenset())
        return frozenset(label for label in labels if label[0] in relevant)

    def contexts(self, type_name: str, contexts: Contexts) -> Contexts:
        if not contexts:
            return contexts
        relevant = self._contexts.get(type_name, frozenset())
        return frozenset(context for context in contexts if context[0] in relevant)


def _may_disagree(views: Views) -> Iterator[str]:
    """The object types with a shared abstract field for which subgraphs have different runtime types."""
    for name, fields in views.api.objects.items():
        for field in fields.values():
            if field.shareable and field.type in views.api.runtime_types:
                seen = set(_runtime_types(views, name, field.name))
                if len(seen) > 1:
                    yield name


def _runtime_types(views: Views, type_name: str, field_name: str) -> Iterator[frozenset[str]]:
    for subgraph in views.subgraphs:
        view = subgraph.types.get(type_name)
        field = view.fields.get(field_name) if view else None
        returned = subgraph.types.get(field.type) if field else None
        if returned is not None:
            yield returned.runtime_types


def _parents(views: Views) -> dict[str, set[str]]:
    """The types one step above each type: those with a field of it, and those it is a runtime type of.

    A field of an interface object is asked of the interface's runtime types, so these are above its result
    too.
    """
    parents: dict[str, set[str]] = defaultdict(set)
    for name, fields in views.api.objects.items():
        for field in fields.values():
            parents[field.type].add(name)
    for name, runtime_types in views.api.runtime_types.items():
        for runtime_type in runtime_types:
            parents[runtime_type].add(name)
            parents[name].add(runtime_type)
    return parents


def _spread(
    own: Mapping[str, Iterable[str]], parents: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for type_name, items in own.items():
        for item in items:
            open_types = [type_name]
            while open_types:
                current = open_types.pop()
                if item not in found[current]:
                    found[current].add(item)
                    open_types.extend(parents.get(current, ()))
    return {name: frozenset(items) for name, items in found.items()}
