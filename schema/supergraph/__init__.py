"""The supergraph, and the one reading of what its join and link directives say.

model.py   Supergraph and what it holds     text.py    a text as a Schema
read.py    Schema → Supergraph              links.py   what it links, under which names
"""

from schema.supergraph.model import (
    AppliedDirective,
    ContextArgument,
    InvalidSupergraphError,
    JoinField,
    JoinType,
    Subgraph,
    Supergraph,
    SupergraphArgument,
    SupergraphEnumValue,
    SupergraphError,
    SupergraphField,
    SupergraphType,
    TypeKind,
    UnsupportedLinkError,
)

__all__ = [
    "AppliedDirective",
    "ContextArgument",
    "InvalidSupergraphError",
    "JoinField",
    "JoinType",
    "Subgraph",
    "Supergraph",
    "SupergraphArgument",
    "SupergraphEnumValue",
    "SupergraphError",
    "SupergraphField",
    "SupergraphType",
    "TypeKind",
    "UnsupportedLinkError",
]
