"""authenticated, requiresScopes and policy: who may read an element.

Scopes and policies are in disjunctive normal form: any of the inner lists, all of its members. What two
subgraphs ask for is asked for together, so differing applications merge into their conjunction.
"""

from __future__ import annotations

from itertools import chain

from schema.language.values import Value
from schema.specs.specification import (
    ArgumentSpec,
    Composition,
    DirectiveSpec,
    Specification,
    TypeSpec,
    Version,
    apollo_url,
)

_LOCATIONS = ("FIELD_DEFINITION", "OBJECT", "INTERFACE", "SCALAR", "ENUM")


def conjunction(values: list[Value]) -> Value:
    """All of several requirements in disjunctive normal form, as one; an empty one asks for nothing.

    The size is the product of the operands' in the worst case; alternatives that another alternative implies
    are dropped after every step, which keeps real requirements small.
    """
    operands: list[list[list[str]]] = []
    for value in values:
        operand = sorted(sorted(str(name) for name in inner) for inner in _as_lists(value)) or [[]]
        if operand not in operands:
            operands.append(operand)
    result = operands[0]
    for operand in operands[1:]:
        pairs = {tuple(sorted({*one, *other})): None for one in result for other in operand}
        result = _without_implied([list(pair) for pair in pairs])
    return [list(inner) for inner in result]


def _as_lists(value: Value) -> list[list[Value]]:
    outer = value if isinstance(value, list) else [value]
    return [inner if isinstance(inner, list) else [inner] for inner in outer]


def _without_implied(alternatives: list[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    for candidate in sorted(alternatives, key=len):
        if not any(set(other) <= set(candidate) for other in kept):
            kept.append(candidate)
    return kept


def implies(given: Value, wanted: Value) -> bool:
    """Does meeting `given` always meet `wanted`? Both in disjunctive normal form, None asking for nothing."""
    wanted_sets = [set(inner) for inner in _names(wanted)]
    return all(any(want <= set(have) for want in wanted_sets) for have in _names(given))


def _names(value: Value) -> list[list[str]]:
    if value is None:
        return [[]]
    return [[str(name) for name in inner] for inner in _as_lists(value)] or [[]]


def _requirement(name: str, argument: str, type_name: str) -> Specification:
    return Specification(
        apollo_url(name, 0, 1),
        directives=(
            DirectiveSpec(
                name,
                _LOCATIONS,
                (
                    ArgumentSpec(
                        argument, f"[[{{{type_name}}}!]!]!", merge=conjunction, merge_name="DNF_CONJUNCTION"
                    ),
                ),
                composition=Composition(apollo_url(name, 0, 1)),
            ),
        ),
        types=(TypeSpec(type_name),),
        purpose="SECURITY",
    )


AUTHENTICATED = Specification(
    apollo_url("authenticated", 0, 1),
    directives=(
        DirectiveSpec(
            "authenticated", _LOCATIONS, composition=Composition(apollo_url("authenticated", 0, 1))
        ),
    ),
    purpose="SECURITY",
    minimum_federation=Version(2, 5),
)
REQUIRES_SCOPES = _requirement("requiresScopes", "scopes", "Scope")
POLICY = _requirement("policy", "policies", "Policy")
AUTH_DIRECTIVES = tuple(
    directive.name
    for directive in chain(AUTHENTICATED.directives, REQUIRES_SCOPES.directives, POLICY.directives)
)
