"""About how many bytes of memory a prepared operation takes, without walking it.

Measured with tracemalloc over operations of very different kinds (tests/router/pipeline/test_weigh.py holds
the estimate to a factor): what is kept grows with the tokens of the document, with the requests' texts, which
have fragments expanded, with the selections in them, each of which is a structure, with the paths they are
made for, each of which has code of its own, and with the document's text itself, which a comment can make as
long as a request.
"""

from __future__ import annotations

from graphql import DocumentNode, Token

from router.plan import BatchFetch, Condition, Fetch, Flatten, Parallel, PlanNode, QueryPlan, Sequence

BASE = 40_000
PER_TOKEN = 800
PER_CHARACTER_SENT = 120
PER_SELECTION_SENT = 5_000
PER_PATH = 6_000
PER_CHARACTER = 2


def weigh(text: str, document: DocumentNode, plan: QueryPlan, variants: int = 1) -> int:
    """Bytes, once as many variants are compiled as conditions can make. O(tokens + nodes of the plan)."""
    kept = PER_CHARACTER * len(text) + PER_TOKEN * _tokens(document)
    return kept + variants * (BASE + _compiled(plan.node))


def _tokens(document: DocumentNode) -> int:
    assert document.loc is not None, "parsed with locations, for errors"
    count = 0
    token: Token | None = document.loc.start_token
    while token is not None:
        count += 1
        token = token.next
    return count


def _compiled(node: PlanNode | None) -> int:
    """Bytes for the requests of a plan."""
    match node:
        case Fetch():
            return _sent(node.operation)
        case BatchFetch():
            paths = sum(len(part.paths) for part in node.entities)
            return _sent(node.operation) + PER_PATH * paths
        case Flatten():
            return PER_PATH + _compiled(node.node)
        case Sequence() | Parallel():
            return sum(map(_compiled, node.nodes))
        case Condition():
            return _compiled(node.if_clause) + _compiled(node.else_clause)
        case _:
            return 0


def _sent(text: str) -> int:
    """For a request's text: its characters, and its selections by their braces."""
    return PER_CHARACTER_SENT * len(text) + PER_SELECTION_SENT * text.count("{")
