"""The document against the API schema: graphql-core's rules, Apollo's code."""

from __future__ import annotations

import re

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    specified_rules,
)
from graphql import validate as run_rules

from router.errors import GraphQLErrorDict, RefusedOperation
from router.operation.errors import OperationTooDeepError

VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"
MAX_ERRORS = 100
MAX_MESSAGE_CHARACTERS = 500
"""Messages quote what they complain about, and a literal may be as large as the request."""

SUGGESTION = re.compile(r" Did you mean [^?]*\?")

TOO_DEEP = "The document nests too deeply."
TOO_DEEP_CODE = OperationTooDeepError.code


def validate_document(
    schema: GraphQLSchema, document: DocumentNode, *, introspection: bool, suggestions: bool = True
) -> None:
    """Raises `RefusedOperation` with every error found, up to `MAX_ERRORS`.

    Without `suggestions` no error names an element of the schema that the document does not name.
    """
    rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
    try:
        errors = run_rules(schema, document, rules, max_errors=MAX_ERRORS)
    except RecursionError as error:
        raise RefusedOperation(TOO_DEEP, code=TOO_DEEP_CODE) from error
    if errors:
        formatted = [_formatted(error, suggestions=suggestions) for error in errors]
        raise RefusedOperation(formatted[0]["message"], code=VALIDATION_FAILED, errors=formatted)


def _formatted(error: GraphQLError, *, suggestions: bool) -> GraphQLErrorDict:
    message = _message(error.message if suggestions else SUGGESTION.sub("", error.message))
    return {**error.formatted, "message": message, "extensions": {"code": _code(message)}}


def _code(message: str) -> str:
    if message == TOO_DEEP:
        return TOO_DEEP_CODE
    if message.startswith("GraphQL introspection has been disabled"):
        return INTROSPECTION_DISABLED
    return VALIDATION_FAILED


def _message(text: str) -> str:
    if text.endswith("Validation aborted."):
        return _why_it_stopped(text)
    if len(text) <= MAX_MESSAGE_CHARACTERS:
        return text
    half = MAX_MESSAGE_CHARACTERS // 2
    return f"{text[:half]} … {text[-half:]}"


def _why_it_stopped(message: str) -> str:
    """graphql-core ends its list with this when it gives up, for one of two reasons."""
    if message.startswith("Too many validation errors"):
        return f"The document has more than {MAX_ERRORS} errors; these are the first."
    return TOO_DEEP
