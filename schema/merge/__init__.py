"""Many subgraphs to one supergraph schema.

Every element of the supergraph is merged from its *sources*: the element of the same name in each subgraph
that has the enclosing type, None where the subgraph lacks it. One file per kind of element; `merge.py` has
the order, which matters: interfaces and unions must know their members before fields are compared, enums
come last because how they merge depends on whether fields or arguments use them, and directives that compose
are applied when everything they sit on is there.
"""
