"""cacheTag: names under which a router may drop cached data; travels to it inside @join__directive."""

from __future__ import annotations

from schema.specs.specification import (
    ArgumentSpec,
    Composition,
    DirectiveSpec,
    Specification,
    apollo_url,
)

CACHE_TAG = Specification(
    apollo_url("cacheTag", 0, 1),
    purpose="EXECUTION",
)

CACHE_TAG_DIRECTIVE = DirectiveSpec(
    "cacheTag",
    ("OBJECT", "FIELD_DEFINITION"),
    (ArgumentSpec("format", "String!"),),
    repeatable=True,
    composition=Composition(CACHE_TAG.url, as_join_directive=True),
)
