"""The document against the API schema: graphql-core's rules, Apollo's code."""

from __future__ import annotations

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    specified_rules,
)
from graphql import validate as run_rules

from router.errors import GraphQLErrorDict, RequestError

VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"


def validate_document(schema: GraphQLSchema, document: DocumentNode, *, introspection: bool) -> None:
    """Raises `RequestError` with every error found."""
    rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
    try:
        errors = run_rules(schema, document, rules)
    except RecursionError as error:
        raise RequestError("The document nests too deeply.", code=VALIDATION_FAILED) from error
    if errors:
        raise RequestError(
            errors[0].message, code=VALIDATION_FAILED, errors=[_formatted(error) for error in errors]
        )


def _formatted(error: GraphQLError) -> GraphQLErrorDict:
    is_introspection = error.message.startswith("GraphQL introspection has been disabled")
    code = INTROSPECTION_DISABLED if is_introspection else VALIDATION_FAILED
    return {**error.formatted, "extensions": {"code": code}}
