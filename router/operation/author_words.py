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
    token = node.loc.start_token if node.loc is not None else None
    lines: list[str] = []
    while token is not None:
        above = token.prev
        if above is None or above.kind is not TokenKind.COMMENT or above.line != token.line - 1:
            break
        lines.append((above.value or "").strip("# \t"))
        token = above
    return " ".join(reversed(lines))
