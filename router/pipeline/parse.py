"""Text → document. Syntax errors, too many tokens and too deep nesting are the client's fault."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLSyntaxError, parse

from router.errors import RefusedOperation

MAX_TOKENS = 15_000
PARSING_ERROR = "PARSING_ERROR"


class TooManyTokens(RefusedOperation):
    def __init__(self, limit: int) -> None:
        super().__init__(f"The document has more than {limit} tokens.", code="MAX_TOKENS_LIMIT")


def parse_document(text: str, max_tokens: int = MAX_TOKENS) -> DocumentNode:
    """Raises `RefusedOperation`."""
    try:
        return parse(text, max_tokens=max_tokens)
    except GraphQLSyntaxError as error:
        if f"more than {max_tokens} tokens" in error.message:
            raise TooManyTokens(max_tokens) from error
        formatted = {**error.formatted, "extensions": {"code": PARSING_ERROR}}
        raise RefusedOperation(error.message, code=PARSING_ERROR, errors=[dict(formatted)]) from error
    except RecursionError as error:
        raise RefusedOperation("The document nests too deeply.", code=PARSING_ERROR) from error
