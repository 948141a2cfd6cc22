"""What was done with a comment, noted in PostgreSQL whichever store the comment is in: the audit, and of what
moderators decided the case and the message for its author.

MongoDB's comments carry it from the operation that does it (`unnoted`), until it is noted: by who did it, or
when that process was killed before, by who tells what is untold (repository/mongo_telling.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from db.postgres import WriteSession
from subgraphs.interactions.values import Comment, CommentId
from subgraphs.kit import audit, outbox
from subgraphs.kit.audit import Actor
from subgraphs.kit.audit import audit as log
from subgraphs.kit.outbox import Message
from subgraphs.kit.outbox.tables import outbox as waiting
from subgraphs.kit.reports import Decision, note

TOPIC = "interactions.moderation"


async def note_decision(session: WriteSession, comment: Comment, decision: Decision) -> None:
    """Who decided is told to nobody."""
    await note(session, decision, "comment", comment.id)
    await outbox.add(session, _message(comment, decision))


def unnoted(action: str, actor: Actor) -> dict[str, Any]:
    """A write as a comment's document carries it for the audit."""
    return {"id": str(uuid4()), "action": action, "actor": asdict(actor)}


def undecided(comment: Comment, decision: Decision) -> dict[str, Any]:
    """A decision as a comment's document carries it."""
    actor = asdict(decision.actor)
    return {"verb": decision.verb, "actor": actor, "message": _message(comment, decision).to_dict()}


async def note_once(session: WriteSession, comment_id: CommentId, carried: Mapping[str, Any]) -> None:
    """Of several who note it at once one does."""
    await session.execute(select(func.pg_advisory_xact_lock(comment_id.int & (1 << 63) - 1)))
    if "action" in carried:
        await _record_once(session, comment_id, carried)
    if "message" in carried:
        await _decide_once(session, comment_id, carried)


async def _record_once(session: WriteSession, comment_id: CommentId, carried: Mapping[str, Any]) -> None:
    changes = {"write": carried["id"]}
    of_this = (log.c.entity == "comment", log.c.entity_id == str(comment_id), log.c.changes == changes)
    if (await session.execute(select(log.c.action).where(*of_this))).first() is None:
        actor = Actor(**carried["actor"])
        await audit.record(session, actor, carried["action"], "comment", comment_id, changes)


async def _decide_once(session: WriteSession, comment_id: CommentId, carried: Mapping[str, Any]) -> None:
    message = Message.from_dict(carried["message"])
    known = select(waiting.c.message_id).where(waiting.c.message_id == message.id)
    if (await session.execute(known)).first() is not None:
        return
    outcome, why = message.payload["outcome"], message.payload["why"]
    decision = Decision(outcome, carried["verb"], why, Actor(**carried["actor"]))
    await note(session, decision, "comment", comment_id)
    await outbox.add(session, message)


def _message(comment: Comment, decision: Decision) -> Message:
    facts = {
        "comment_id": str(comment.id),
        "author_id": None if comment.author_id is None else str(comment.author_id),
        "outcome": decision.outcome,
        "why": decision.why,
    }
    return Message(TOPIC, str(comment.id), "CommentModerated", facts)
