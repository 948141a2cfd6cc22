"""What one can do in the events domain, a file for each part of it. All of it needs a login."""

from __future__ import annotations

import strawberry

from subgraphs.events.mutations.events import EventMutations
from subgraphs.events.mutations.gallery import GalleryMutations
from subgraphs.events.mutations.invitations import InvitationMutations
from subgraphs.events.mutations.question_moderation import QuestionModerationMutations
from subgraphs.events.mutations.questions import QuestionMutations
from subgraphs.events.mutations.review_moderation import ReviewModerationMutations
from subgraphs.events.mutations.reviews import ReviewMutations


@strawberry.type(description="What can be done.")
class Mutation(
    EventMutations,
    GalleryMutations,
    InvitationMutations,
    QuestionMutations,
    QuestionModerationMutations,
    ReviewMutations,
    ReviewModerationMutations,
):
    pass
