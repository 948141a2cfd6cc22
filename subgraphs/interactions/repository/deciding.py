"""What moderators decided about a comment, noted in PostgreSQL whichever store the comment is in: the
audit, the case, and the message for its author.
"""

from __future__ import annotations

from db.postgres import WriteSession
from subgraphs.interactions.values import Comment
from subgraphs.kit import outbox
from subgraphs.kit.outbox import Message
from subgraphs.kit.reports import Decision, note

TOPIC = "interactions.moderation"


async def note_decision(session: WriteSession, comment: Comment, decision: Decision) -> None:
    """Who decided is told to nobody."""
    await note(session, decision, "comment", comment.id)
    facts = {
        "comment_id": str(comment.id),
        "author_id": None if comment.author_id is None else str(comment.author_id),
        "outcome": decision.outcome,
        "why": decision.why,
    }
    await outbox.add(session, Message(TOPIC, str(comment.id), "CommentModerated", facts))
