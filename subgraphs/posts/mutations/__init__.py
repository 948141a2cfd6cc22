"""What one can do in the posts domain. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.posts.mutations.moderation import ModerationMutations
from subgraphs.posts.mutations.posts import PostMutations
from subgraphs.posts.mutations.reposts import RepostMutations
from subgraphs.posts.mutations.shares import ShareMutations


@strawberry.type(description="What can be done.")
class Mutation(PostMutations, RepostMutations, ShareMutations, ModerationMutations):
    pass
