"""The query graph: which steps lead from one field of the federated graph to the next, and when.

    Node          a type as one subgraph has it: `User@accounts`. A node reached through @provides is a copy
                  that knows which fields came along: `User@reviews{name}`
    FieldEdge     node → node in the same subgraph: ask for a field. Conditions on it:
                    requires            fields that must be known (@requires) before the subgraph is asked
                    context_arguments   arguments filled from objects above (@fromContext)
                    override            (label, on): the edge exists only while the label is on, or off
    Node.cast     node → node in the same subgraph: `... on T`, for the runtime types the subgraph knows
    KeyEdge       T@a → T@b: ask b's `_entities` for the object, once the fields of `key` are known of it.
                  Also into an @interfaceObject (T implements I: T@a → I@b), and from one (I@b → I@a) into the
                  subgraphs that have the real interface, which is how `__typename` becomes known.
    roots(kind)   where operations enter. Any object of a root type may be continued at that root in any
                  subgraph that has it, without a key: GraphQL has one root object.

`Node.fields` has what the subgraph itself resolves: neither external fields (unless provided, or key fields
of a federation 1 extension), nor those overridden away. An interface's field is there only if the subgraph
resolves it for every implementation it has; if not, one must go through `cast`.

Built lazily: a node is made when first reached, so a planner pays for the part of the supergraph that its
operations touch. With `labels=None` edges of both sides of every progressive @override are there
(for satisfiability); with a set of labels only the edges in force (for planning).

    graph = QueryGraph(supergraph)
    for node in graph.roots("query"):
        for edge in node.fields.values(): edge.head, edge.requires …
        for key in graph.key_edges(node): key.head, key.key …
"""

from schema.graph.build import QueryGraph
from schema.graph.model import FieldEdge, KeyEdge, Node, NodeKind, Override
from schema.graph.print import print_graph

__all__ = ["FieldEdge", "KeyEdge", "Node", "NodeKind", "Override", "QueryGraph", "print_graph"]
