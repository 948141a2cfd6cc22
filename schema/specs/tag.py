"""tag: names on elements, which contracts filter by."""

from __future__ import annotations

from schema.specs.specification import (
    ArgumentSpec,
    Composition,
    DirectiveSpec,
    Specification,
    Version,
    apollo_url,
)

_LOCATIONS = [
    "FIELD_DEFINITION",
    "OBJECT",
    "INTERFACE",
    "UNION",
    "ARGUMENT_DEFINITION",
    "SCALAR",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
    "SCHEMA",
]
_LOCATION_COUNTS = {1: 4, 2: 10, 3: 11}


def _tag(minor: int) -> Specification:
    return Specification(
        apollo_url("tag", 0, minor),
        directives=(
            DirectiveSpec(
                "tag",
                tuple(_LOCATIONS[: _LOCATION_COUNTS[minor]]),
                (ArgumentSpec("name", "String!"),),
                repeatable=True,
                composition=Composition(apollo_url("tag", 0, 3)),
            ),
        ),
        minimum_federation=Version(2, 0) if minor == 3 else None,
    )


TAGS = tuple(_tag(minor) for minor in (1, 2, 3))
TAG_V2, TAG_V3 = TAGS[1], TAGS[2]
