"""What one can do in the interactions domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.interactions.mutations.likes_and_comments import InteractionMutations
from subgraphs.interactions.mutations.moderation import ModerationMutations


@strawberry.type(description="What can be done.")
class Mutation(InteractionMutations, ModerationMutations):
    pass
