"""What somebody said about events comes with their export and goes with their account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from db.config import DomainStore
from subgraphs.events.models import metadata
from subgraphs.events.repository.departures import forget_person
from tests.subgraphs.events.talk import Talk, talking

RECORDS = "{ accountRecords }"


@pytest.fixture
async def talk(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(stores, tmp_path) as talk:
        yield talk


async def say(talk: Talk) -> None:
    """Ada asks, votes, comes and reviews; answers what is asked about her own event."""
    event, own = await talk.event(), await talk.event("ada")
    for who, about in (("ada", event), ("grace", event), ("grace", own)):
        asked = "question { id }"
        await talk.act(who, "askEventQuestion", asked, eventId=about, question=f"{who}?")
    rows = await talk.run("SELECT id::text, user_id, event_id::text FROM event_qna")
    (others,) = (key for key, user, about in rows if user == talk.id("grace") and about == event)
    (own_one,) = (key for key, _user, about in rows if about == own)
    for key in (others, own_one):
        assert await talk.code("ada", "upvoteEventQuestion", questionId=key) == ""
        assert await talk.code("ada", "reportEventQuestion", questionId=key, reason="SPAM") == ""
    assert await talk.code("ada", "answerEventQuestion", questionId=own_one, answer="Yes") == ""
    await talk.act("ada", "attendEvent", "event { id }", eventId=event)
    await talk.end(event)
    await talk.act("ada", "writeEventReview", "review { id }", eventId=event, rating=5)
    await talk.run("INSERT INTO check_ins VALUES (:event, :ada)", event=event, ada=talk.id("ada"))


async def test_what_somebody_said_is_in_their_records_and_nobody_elses(talk: Talk) -> None:
    await say(talk)
    kept = (await talk.ask("ada", RECORDS))["accountRecords"]
    found = {name: len(rows) for name, rows in kept.items() if rows}
    said = {"event_qna": 2, "event_qna_upvotes": 2, "reviews": 1, "check_ins": 1, "reports": 2}
    assert found == {"events": 1, "event_attendees": 1} | said
    assert str(talk.id("ada")) not in str((await talk.ask("moderator", RECORDS))["accountRecords"])


async def test_nothing_that_somebody_said_is_left_of_them(talk: Talk) -> None:
    await say(talk)
    ada = talk.id("ada")
    for _ in range(2):
        async with talk.database.write() as session:
            await forget_person(session, ada)
    told_soon = {name for name in metadata.tables if name.endswith("_news")}
    kept = {*metadata.tables, "reports"} - {"events", "blocks"} - told_soon
    left = [table for table in kept if str(ada) in str(await talk.run(f"SELECT * FROM {table}"))]
    assert left == []
    rows = await talk.run("SELECT question, answer, upvote_count FROM event_qna")
    assert rows == [("grace?", None, 0), ("grace?", None, 0)]
    assert set(await talk.run("SELECT rating_count, rating_sum FROM ratings")) == {(0, 0)}
