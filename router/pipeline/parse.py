"""Text → document. Syntax errors, too many tokens and too deep nesting are the client's fault."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSyntaxError, parse

from router.errors import RefusedOperation

MAX_TOKENS = 15_000
PARSING_ERROR = "PARSING_ERROR"


def parse_document(text: str) -> DocumentNode:
    """Raises `RefusedOperation`."""
    try:
        return parse(text, max_tokens=MAX_TOKENS)
    except GraphQLSyntaxError as error:
        formatted = {**error.formatted, "extensions": {"code": PARSING_ERROR}}
        raise RefusedOperation(error.message, code=PARSING_ERROR, errors=[dict(formatted)]) from error
    except RecursionError as error:
        raise RefusedOperation("The document nests too deeply.", code=PARSING_ERROR) from error
