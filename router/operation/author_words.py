"""What the author of an operation wrote above it: its description, or a comment."""

from __future__ import annotations

from graphql import Node, TokenKind


def own_words(definition: Node) -> str:
    """As one line; empty where there is nothing. Descriptions are of the specification of September 2025."""
    description = getattr(definition, "description", None)
    text = description.value if description is not None else _comment_above(definition)
    return " ".join(text.split())


def _comment_above(node: Node) -> str:
    """The lines with # directly above it."""
    start = node.loc.start_token if node.loc is not None else None
    if start is None:
        return ""
    lines: list[str] = []
    token, line = start.prev, start.line
    while token is not None and token.kind is TokenKind.COMMENT and token.line == line - 1:
        lines.append((token.value or "").strip("# \t"))
        token, line = token.prev, token.line
    return " ".join(reversed(lines))
