"""The schema clients see: a supergraph without its machinery and without what is @inaccessible.

    supergraph (text or document)
      → features        what @link/@core brings in, under which names       (features.py)
      → inaccessible    may everything that is hidden be hidden?            (elements.py, inaccessible.py)
      → strip           drop machinery and hidden elements from the AST     (strip.py)
      → GraphQLSchema   built once from what is left                        (build.py)
      → text            printed in lexicographic order                      (print.py, literals.py)

All stages work on the AST, so a megabyte supergraph costs a few walks and at most one build: O(size),
printing O(size log size) for the sort.
"""

from schema.api_schema.build import api_schema, api_schema_document, api_schema_sdl

__all__ = ["api_schema", "api_schema_document", "api_schema_sdl"]
