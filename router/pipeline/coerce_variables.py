"""The operation's variables: checks and defaults worked out once, applied per request without an AST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    is_input_type,
    type_from_ast,
    value_from_ast_untyped,
)

from router.errors import GraphQLErrorDict, RefusedOperation
from router.executor.execution import Variables
from router.pipeline.input_values import Check, InputChecks, InvalidValue

INVALID_TYPE = "VALIDATION_INVALID_TYPE_VARIABLE"


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    type: str
    is_required: bool
    default: Any
    check: Check


@dataclass(frozen=True, slots=True)
class VariableCoercion:
    variables: tuple[_Variable, ...]

    def coerce(self, given: Mapping[str, Any], *, has_files: bool = False) -> Variables:
        """Raises `RefusedOperation` naming every variable that does not fit. Unknown ones are left out."""
        if not self.variables:
            return NO_VARIABLES
        own: dict[str, Any] = {}
        values: dict[str, Any] = {}
        faults: list[GraphQLErrorDict] = []
        for variable in self.variables:
            name = variable.name
            if name in given:
                own[name] = values[name] = given[name]
                try:
                    variable.check(given[name], name)
                except InvalidValue as error:
                    faults.append(_fault(variable, error))
            elif variable.is_required:
                faults.append(_missing(variable))
            elif variable.default is not Undefined:
                values[name] = variable.default
        if faults:
            raise RefusedOperation(faults[0]["message"], code=INVALID_TYPE, errors=faults)
        return Variables(own, values, has_files)


NO_VARIABLES = Variables({}, {})


def variable_coercion(
    schema: GraphQLSchema, operation: OperationDefinitionNode, checks: InputChecks
) -> VariableCoercion:
    return VariableCoercion(
        tuple(
            _Variable(
                definition.variable.name.value,
                str(type_),
                isinstance(type_, GraphQLNonNull) and definition.default_value is None,
                Undefined
                if definition.default_value is None
                else value_from_ast_untyped(definition.default_value),
                checks.of(type_),
            )
            for definition in operation.variable_definitions or ()
            if is_input_type(type_ := type_from_ast(schema, definition.type))
        )
    )


def _fault(variable: _Variable, error: InvalidValue) -> GraphQLErrorDict:
    at = "" if error.place == variable.name else f' at "{error.place}"'
    return _error(variable, f'Variable "${variable.name}" got an invalid value{at}; {error.reason}')


def _missing(variable: _Variable) -> GraphQLErrorDict:
    return _error(
        variable, f'Variable "${variable.name}" of required type "{variable.type}" was not provided.'
    )


def _error(variable: _Variable, message: str) -> GraphQLErrorDict:
    return {"message": message, "extensions": {"code": INVALID_TYPE, "name": variable.name}}
