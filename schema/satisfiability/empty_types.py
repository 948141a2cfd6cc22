"""Types that a subgraph mentions but has no field of are not there for anyone who reads the supergraph.

It happens when others override all of its fields, or to a query type that holds nothing. Fields that return
such a type go with it, and unions lose it as a member. Each type goes once and looks at its users:
O(fields of the subgraph).
"""

from __future__ import annotations

from collections import defaultdict

from schema.satisfiability.model import Kind, SubgraphView, TypeView


def drop_empty_types(subgraph: SubgraphView) -> None:
    """Removes types without fields or members, until none is left."""
    empty = [view for view in subgraph.types.values() if _is_empty(view)]
    users = _users(subgraph) if empty else {}
    while empty:
        gone = empty.pop()
        if subgraph.types.pop(gone.name, None) is None:
            continue
        subgraph.roots = {kind: name for kind, name in subgraph.roots.items() if name != gone.name}
        for user in users.get(gone.name, ()):
            user.fields = {n: field for n, field in user.fields.items() if field.type != gone.name}
            user.runtime_types -= {gone.name}
            if _is_empty(user):
                empty.append(user)


def _is_empty(view: TypeView) -> bool:
    return not (view.runtime_types if view.kind is Kind.UNION else view.fields)


def _users(subgraph: SubgraphView) -> dict[str, list[TypeView]]:
    """The types that mention each type: in a field, or as one of their runtime types."""
    users: dict[str, list[TypeView]] = defaultdict(list)
    for view in subgraph.types.values():
        for name in {*(field.type for field in view.fields.values()), *view.runtime_types}:
            users[name].append(view)
    return users
