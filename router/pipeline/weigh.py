"""About how many bytes of memory a prepared operation takes, without walking it.

Measured with tracemalloc over operations of very different kinds (tests/router/pipeline/test_weigh.py holds
the estimate to a factor): what is kept grows with the tokens of the document, with the requests' texts, which
have fragments expanded, and with the document's text itself, which a comment can make as long as a request.
"""

from __future__ import annotations

from graphql import DocumentNode, Token

from router.plan import BatchFetch, Condition, Fetch, Flatten, Parallel, PlanNode, QueryPlan, Sequence

BASE = 40_000
PER_TOKEN = 800
PER_CHARACTER_SENT = 120
PER_CHARACTER = 2


def weigh(text: str, document: DocumentNode, plan: QueryPlan, variants: int = 1) -> int:
    """Bytes, once as many variants are compiled as conditions can make. O(tokens + nodes of the plan)."""
    kept = PER_CHARACTER * len(text) + PER_TOKEN * _tokens(document)
    compiled = BASE + PER_CHARACTER_SENT * _characters_sent(plan.node)
    return kept + variants * compiled


def _tokens(document: DocumentNode) -> int:
    assert document.loc is not None, "parsed with locations, for errors"
    count = 0
    token: Token | None = document.loc.start_token
    while token is not None:
        count += 1
        token = token.next
    return count


def _characters_sent(node: PlanNode | None) -> int:
    match node:
        case Fetch() | BatchFetch():
            return len(node.operation)
        case Flatten():
            return _characters_sent(node.node)
        case Sequence() | Parallel():
            return sum(map(_characters_sent, node.nodes))
        case Condition():
            return _characters_sent(node.if_clause) + _characters_sent(node.else_clause)
        case _:
            return 0
