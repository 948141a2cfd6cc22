"""GraphQL's own directives, which every schema has without defining them."""

from __future__ import annotations

from schema.language.values import Value
from schema.model.definitions import DirectiveDefinition, InputValue


def _argument(name: str, type_: str) -> InputValue:
    return InputValue(name, type_)


def _with_default(name: str, type_: str, default: Value) -> InputValue:
    return InputValue(name, type_, True, default)


def _directive(name: str, locations: str, *arguments: InputValue) -> DirectiveDefinition:
    return DirectiveDefinition(
        name, {argument.name: argument for argument in arguments}, False, tuple(locations.split())
    )


_SELECTIONS = "FIELD FRAGMENT_SPREAD INLINE_FRAGMENT"

SPECIFIED_DIRECTIVES = frozenset({"include", "skip", "deprecated", "specifiedBy", "oneOf"})
"""Those of the specification, whichever of them the installed graphql-core knows."""

BUILT_IN_DIRECTIVES = {
    definition.name: definition
    for definition in (
        _directive("include", _SELECTIONS, _argument("if", "Boolean!")),
        _directive("skip", _SELECTIONS, _argument("if", "Boolean!")),
        _directive(
            "deprecated",
            "FIELD_DEFINITION ENUM_VALUE ARGUMENT_DEFINITION INPUT_FIELD_DEFINITION",
            _with_default("reason", "String", "No longer supported"),
        ),
        _directive("specifiedBy", "SCALAR", _argument("url", "String!")),
        _directive("oneOf", "INPUT_OBJECT"),
        _directive(
            "defer",
            "FRAGMENT_SPREAD INLINE_FRAGMENT",
            _argument("label", "String"),
            _with_default("if", "Boolean!", True),
        ),
        _directive(
            "stream",
            "FIELD",
            _argument("label", "String"),
            _with_default("initialCount", "Int", 0),
            _with_default("if", "Boolean!", True),
        ),
    )
}
