"""Which types a shared field can really hold where its subgraphs disagree.

Composition lets subgraphs share a field whose union or interface has other members in each, on the promise
that they resolve it alike: an object of a type one of them does not know never occurs. So at a position that
several subgraphs could have resolved, only the types they all know must be answered.
"""

from __future__ import annotations

from graphql import get_named_type

from tests.support.plan_checker.subgraph import SubgraphView
from tests.support.plan_checker.supergraph import Supergraph


def reached(
    supergraph: Supergraph, parent: str, name: str, here: frozenset[str] | None
) -> tuple[frozenset[str], frozenset[str] | None]:
    """Who can resolve `parent.name` where `here` can have returned the parent; the types that occur."""
    key = (parent, name, here)
    if key not in supergraph.reached:
        by = resolvers(supergraph, parent, name, here or frozenset(supergraph.graph_of))
        supergraph.reached[key] = (by, promised_types(supergraph, parent, name, by))
    return supergraph.reached[key]


def resolvers(supergraph: Supergraph, parent: str, name: str, here: frozenset[str]) -> frozenset[str]:
    """Subgraphs that can resolve `parent.name` for an object that the subgraphs `here` can have returned."""
    return frozenset(
        view.name
        for view in supergraph.subgraphs()
        if _asks(view, parent, name) and (view.name in here or _enters(view, parent))
    )


def _asks(view: SubgraphView, parent: str, name: str) -> bool:
    rule = view.rules.get((parent, name))
    return rule is not None and rule.askable


def _enters(view: SubgraphView, parent: str) -> bool:
    return any(key.resolvable for key in view.keys.get(parent, ()))


def promised_types(
    supergraph: Supergraph, parent: str, name: str, by: frozenset[str]
) -> frozenset[str] | None:
    """Types every subgraph in `by` knows at `parent.name`; None when fewer than two resolve it."""
    if len(by) < 2:
        return None
    known = []
    for service in by:
        view = supergraph.subgraph(service)
        assert view is not None
        definition = view.schema.type_map[parent].fields[name]  # type: ignore[attr-defined]
        runtimes = view.runtime_types(get_named_type(definition.type).name)
        known.append(
            frozenset().union(
                *(supergraph.possible(r) if r in view.interface_objects else {r} for r in runtimes)
            )
        )
    return frozenset.intersection(*known)
