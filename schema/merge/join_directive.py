"""@join__directive: directives the supergraph carries for a router without defining them, such as
@cacheTag.
"""

from __future__ import annotations

from collections.abc import Iterable

from schema.language.values import EnumLiteral, Value
from schema.merge.state import Merge
from schema.model.definitions import Directive, Element, SchemaDefinition
from schema.model.values import values_equal


def add_join_directives(
    merge: Merge, sources: Iterable[tuple[int, Element | SchemaDefinition]], into: list[Directive]
) -> None:
    """Adds one for each different application, naming the subgraphs it is from."""
    carried = {
        composed.name
        for composed in merge.links.directives.values()
        if composed.spec.composition and composed.spec.composition.as_join_directive
    }
    if not carried:
        return
    found: list[tuple[str, dict[str, Value], list[Value]]] = []
    for number, source in sources:
        graph = EnumLiteral(merge.graphs[number])
        for directive in source.directives:
            if directive.name not in carried:
                continue
            name = f"federation__{merge.links.directives[directive.name].spec.name}"
            for other_name, arguments, graphs in found:
                if other_name == name and values_equal(arguments, directive.arguments):
                    graphs.append(graph)
                    break
            else:
                found.append((name, directive.arguments, [graph]))
    for name, arguments, graphs in found:
        into.append(Directive("join__directive", {"graphs": graphs, "name": name, "args": arguments}))
