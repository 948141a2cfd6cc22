"""What a person can act on in the interactions domain, beside what all domains have."""

from __future__ import annotations

import strawberry

from subgraphs.interactions.values import DEEPEST
from subgraphs.kit.user_errors import UserError


@strawberry.type(description="A comment at the deepest level cannot be answered; answer the one above it.")
class ThreadTooDeep(UserError):
    deepest: int = strawberry.field(description="The depth of comments that nobody can answer.")


def too_deep() -> ThreadTooDeep:
    message = f"Nobody can answer at this depth ({DEEPEST}). Answer the comment above it."
    return ThreadTooDeep(message=message, code="THREAD_TOO_DEEP", path=["parentId"], deepest=DEEPEST)
