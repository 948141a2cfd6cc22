"""The schema clients see: a supergraph without its machinery and without what is @inaccessible.

    supergraph (text, Supergraph, or Schema)
      → features        what @link/@core brings in, under which names       (schema.supergraph_links)
      → inaccessible    may everything that is hidden be hidden?            (elements, inaccessible)
      → strip           drop machinery and hidden elements                  (strip, references)
      → GraphQLSchema   built once from what is left                        (to_ast, build)
      → text            printed in lexicographic order                      (print, default_values)

All stages work on `schema.model.definitions.Schema`. Each is O(size), printing O(size · log size) for the
sorts: a megabyte of SDL takes about a second.
"""

from schema.api_schema.build import (
    api_schema,
    api_schema_sdl,
    hiding_of,
    read_supergraph_schema,
    reduce_to_api,
)
from schema.api_schema.elements import Hiding
from schema.api_schema.inaccessible import Breach, find_breaches
from schema.supergraph.links import Features, read_features

__all__ = [
    "Breach",
    "Features",
    "Hiding",
    "api_schema",
    "api_schema_sdl",
    "find_breaches",
    "hiding_of",
    "read_features",
    "read_supergraph_schema",
    "reduce_to_api",
]
