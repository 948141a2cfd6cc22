"""cost: what an operation costs, so a router can refuse what costs too much. Differing weights take the
larger.
"""

from __future__ import annotations

from schema.language.values import Value
from schema.specs.specification import (
    ArgumentSpec,
    Composition,
    DirectiveSpec,
    Specification,
    Version,
    apollo_url,
)


def _largest(values: list[Value]) -> Value:
    numbers = [value for value in values if isinstance(value, int | float)]
    return max(numbers, default=None)


def _union(values: list[Value]) -> Value:
    lists = [value if isinstance(value, list) else [value] for value in values if value is not None]
    if not lists:
        return None
    found: list[Value] = []
    for item in (item for items in lists for item in items):
        if item not in found:
            found.append(item)
    return found


def _all(values: list[Value]) -> Value:
    given = [value for value in values if value is not None]
    return all(given) if given else None


_COMPOSITION = Composition(apollo_url("cost", 0, 1))

COST = Specification(
    apollo_url("cost", 0, 1),
    directives=(
        DirectiveSpec(
            "cost",
            (
                "ARGUMENT_DEFINITION",
                "ENUM",
                "FIELD_DEFINITION",
                "INPUT_FIELD_DEFINITION",
                "OBJECT",
                "SCALAR",
            ),
            (ArgumentSpec("weight", "Int!", merge=_largest, merge_name="MAX"),),
            composition=_COMPOSITION,
        ),
        DirectiveSpec(
            "listSize",
            ("FIELD_DEFINITION",),
            (
                ArgumentSpec("assumedSize", "Int", merge=_largest, merge_name="NULLABLE_MAX"),
                ArgumentSpec("slicingArguments", "[String!]", merge=_union, merge_name="NULLABLE_UNION"),
                ArgumentSpec("sizedFields", "[String!]", merge=_union, merge_name="NULLABLE_UNION"),
                ArgumentSpec(
                    "requireOneSlicingArgument", "Boolean", True, merge=_all, merge_name="NULLABLE_AND"
                ),
            ),
            composition=_COMPOSITION,
        ),
    ),
    minimum_federation=Version(2, 9),
)
