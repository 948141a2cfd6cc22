"""inaccessible: elements that compose but that clients do not see."""

from __future__ import annotations

from schema.specs.specification import Composition, DirectiveSpec, Specification, Version, apollo_url

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
]


def _inaccessible(minor: int) -> Specification:
    return Specification(
        apollo_url("inaccessible", 0, minor),
        directives=(
            DirectiveSpec(
                "inaccessible",
                tuple(_LOCATIONS if minor > 1 else _LOCATIONS[:4]),
                composition=Composition(apollo_url("inaccessible", 0, 2)),
            ),
        ),
        purpose="SECURITY",
        minimum_federation=Version(2, 0) if minor == 2 else None,
    )


INACCESSIBLES = tuple(_inaccessible(minor) for minor in (1, 2))
INACCESSIBLE = INACCESSIBLES[1]
