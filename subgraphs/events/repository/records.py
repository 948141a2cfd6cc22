"""What events keeps of somebody, for themselves."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, or_, select

from subgraphs.events.models import event_attendees, events, invitations, venues
from subgraphs.events.models.gallery import event_images
from subgraphs.events.models.said import check_ins, event_qna, event_qna_upvotes, reviews
from subgraphs.events.repository.postgres_invitations import across_a_block
from subgraphs.kit.records import Rows
from subgraphs.kit.reports import reports_by

LISTS: Mapping[str, Rows] = {
    "events": lambda user: select(events).where(events.c.host_id == user),
    "event_attendees": lambda user: select(event_attendees).where(event_attendees.c.user_id == user),
    "invitations": lambda user: select(invitations).where(
        or_(invitations.c.inviter_id == user, and_(invitations.c.invitee_id == user, ~across_a_block()))
    ),
    "venues": lambda user: select(venues).where(venues.c.created_by == user),
    "event_qna": lambda user: select(event_qna).where(
        or_(event_qna.c.user_id == user, event_qna.c.answered_by == user)
    ),
    "event_qna_upvotes": lambda user: select(event_qna_upvotes).where(event_qna_upvotes.c.user_id == user),
    "reviews": lambda user: select(reviews).where(reviews.c.reviewer_id == user),
    "check_ins": lambda user: select(check_ins).where(check_ins.c.user_id == user),
    "event_images": lambda user: select(event_images).where(event_images.c.user_id == user),
    "reports": reports_by,
}
