"""Questions about events: who asks, answers, votes, hides and is shown them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from db.config import DomainStore
from tests.subgraphs.events.talk import EVERYBODY, Talk, talking
from tests.support.postgres import sent_statements

LIST = """query($id: ID!) { event(id: $id) { questions {
    totalCount nodes { id question answer upvoteCount viewerHasUpvoted isHidden } } } }"""
QUEUE = """{ reportedEventRemarks { totalCount
    edges { reportCount node { question { question } } } } }"""
WHY = "It is what it is."


@pytest.fixture
async def talk(stores: Mapping[str, DomainStore], tmp_path: Path) -> AsyncIterator[Talk]:
    async with talking(stores, tmp_path) as talk:
        yield talk


async def ask(talk: Talk, event: str, who: str = "ada", text: str = "Is there tea?", **given: Any) -> str:
    made = await talk.act(who, "askEventQuestion", "question { id }", eventId=event, question=text, **given)
    return str(made["question"]["id"])


async def listed(talk: Talk, who: str, event: str) -> list[str] | None:
    found = (await talk.ask(who, LIST, id=event))["event"]
    if found is None:
        return None
    assert found["questions"]["totalCount"] == len(found["questions"]["nodes"])
    return [node["question"] for node in found["questions"]["nodes"]]


async def test_who_sees_an_event_that_is_public_asks_about_it_and_who_runs_it_answers(talk: Talk) -> None:
    """Everybody × a public event, a draft, a cancelled event; then everybody × answering."""
    public, draft, cancelled = await talk.event(), await talk.event(isDraft=True), await talk.event()
    await talk.act("host", "cancelEvent", "event { id }", eventId=cancelled)
    asked = {"question": "Is there tea?"}
    expected = {
        public: {"nobody": "UNAUTHENTICATED"},
        draft: dict.fromkeys(EVERYBODY, "NOT_FOUND")
        | {"nobody": "UNAUTHENTICATED", "host": "EVENT_CLOSED", "staff": "EVENT_CLOSED"},
        cancelled: dict.fromkeys(EVERYBODY, "EVENT_CLOSED") | {"nobody": "UNAUTHENTICATED"},
    }
    for event, codes in expected.items():
        for who in EVERYBODY:
            assert await talk.code(who, "askEventQuestion", eventId=event, **asked) == codes.get(who, "")
    question = await ask(talk, public)
    answering = {
        who: await talk.code(who, "answerEventQuestion", questionId=question, answer="Yes")
        for who in EVERYBODY
    }
    denied = dict.fromkeys(EVERYBODY, "FORBIDDEN")
    others = {"nobody": "UNAUTHENTICATED", "host": "", "staff": "", "eve": "NOT_FOUND"}
    assert answering == denied | others, "of somebody across a block there is no question"


async def test_a_question_that_is_hidden_is_there_for_who_asked_who_runs_the_event_and_moderators(
    talk: Talk,
) -> None:
    event, draft = await talk.event(), await talk.event(isDraft=True)
    question = await ask(talk, event, text="Ada's")
    for who in EVERYBODY:
        assert await listed(talk, who, event) == ([] if who == "eve" else ["Ada's"])
    assert await listed(talk, "grace", draft) is None
    hiding = {
        who: await talk.code(who, "hideEventQuestion", questionId=question, why=WHY) for who in EVERYBODY
    }
    allowed = dict.fromkeys(("host", "staff", "moderator", "admin"), "")
    assert hiding == {
        "nobody": "UNAUTHENTICATED",
        "ada": "FORBIDDEN",
        "grace": "NOT_FOUND",
        "eve": "NOT_FOUND",
        **allowed,
    }
    see = ("host", "staff", "ada", "moderator", "admin")
    for who in EVERYBODY:
        assert await listed(talk, who, event) == (["Ada's"] if who in see else [])
    for who in ("grace", "eve"):
        assert await talk.code(who, "upvoteEventQuestion", questionId=question) == "NOT_FOUND"
        assert await talk.code(who, "reportEventQuestion", questionId=question, reason="SPAM") == "NOT_FOUND"
    for who in ("host", "staff"):
        assert await talk.code(who, "showEventQuestion", questionId=question, why=WHY) == "FORBIDDEN"
    assert await talk.code("moderator", "showEventQuestion", questionId=question, why=WHY) == ""
    assert await listed(talk, "grace", event) == ["Ada's"]
    assert await talk.audited("event question") == ["ask", "hide", "hide", "show"]
    assert await talk.told("events.question") == ["QuestionAsked", "QuestionGone", "QuestionGone"]


async def test_reported_questions_wait_for_moderators_whatever_the_host_does(talk: Talk) -> None:
    event = await talk.event()
    question = await ask(talk, event)
    assert (
        await talk.code("ada", "reportEventQuestion", questionId=question, reason="SPAM") == "INVALID_INPUT"
    )
    for _ in range(2):
        assert await talk.code("grace", "reportEventQuestion", questionId=question, reason="SPAM") == ""
    assert await talk.code("host", "hideEventQuestion", questionId=question, why=WHY) == ""
    (waiting,) = (await talk.ask("moderator", QUEUE))["reportedEventRemarks"]["edges"]
    assert waiting == {"reportCount": 1, "node": {"question": {"question": "Is there tea?"}}}
    for who in ("host", "grace", "ada"):
        given = {"questionId": question, "why": WHY}
        assert await talk.code(who, "dismissEventQuestionReports", **given) == "FORBIDDEN"
    assert await talk.code("moderator", "dismissEventQuestionReports", questionId=question, why=WHY) == ""
    assert (await talk.ask("moderator", QUEUE))["reportedEventRemarks"]["totalCount"] == 0


async def test_a_question_is_changed_by_who_asked_until_it_is_answered(talk: Talk) -> None:
    event = await talk.event()
    question = await ask(talk, event)
    edit = {"questionId": question, "question": "Is there coffee?"}
    assert await talk.code("host", "editEventQuestion", **edit) == "FORBIDDEN"
    assert await talk.code("ada", "editEventQuestion", **edit) == ""
    assert await listed(talk, "grace", event) == ["Is there coffee?"]
    answer = "question { answer answeredAt }"
    said = await talk.act("staff", "answerEventQuestion", answer, questionId=question, answer="Both")
    assert said["question"]["answer"] == "Both"
    assert await talk.code("ada", "editEventQuestion", **edit) == "CONFLICT"
    gone = await talk.act("host", "answerEventQuestion", answer, questionId=question, answer=None)
    assert gone["question"] == {"answer": None, "answeredAt": None}
    for who, code in (("grace", "FORBIDDEN"), ("host", "FORBIDDEN"), ("ada", ""), ("ada", "NOT_FOUND")):
        assert await talk.code(who, "deleteEventQuestion", questionId=question) == code
    assert await talk.told("events.question") == [
        "QuestionAsked",
        "QuestionAnswered",
        "QuestionUnanswered",
        "QuestionGone",
    ]


async def test_everybody_has_one_vote_and_what_most_want_answered_is_first(talk: Talk) -> None:
    event = await talk.event()
    tea, coffee = await ask(talk, event, text="Tea?"), await ask(talk, event, "grace", text="Coffee?")
    assert await listed(talk, "nobody", event) == ["Coffee?", "Tea?"]
    for _ in range(2):
        votes = ("host", "staff", "moderator", "grace")
        done = [talk.code(who, "upvoteEventQuestion", questionId=tea) for who in votes]
        assert await asyncio.gather(*done) == [""] * 4
    assert await talk.code("ada", "upvoteEventQuestion", questionId=tea) == "INVALID_INPUT"
    assert await talk.code("ada", "upvoteEventQuestion", questionId=coffee) == ""
    assert await listed(talk, "nobody", event) == ["Tea?", "Coffee?"]
    for _ in range(2):
        assert await talk.code("host", "withdrawEventQuestionUpvote", questionId=tea) == ""
    nodes = (await talk.ask("grace", LIST, id=event))["event"]["questions"]["nodes"]
    assert [(node["upvoteCount"], node["viewerHasUpvoted"]) for node in nodes] == [(3, True), (1, False)]


async def test_a_host_who_blocks_somebody_takes_no_questions_from_them(talk: Talk) -> None:
    event = await talk.event("eve")
    given = {"eventId": event, "question": "Why?"}
    assert await talk.code("ada", "askEventQuestion", **given, idempotencyKey="a") == "FORBIDDEN"
    await talk.run("DELETE FROM blocks")
    assert await talk.code("ada", "askEventQuestion", **given, idempotencyKey="a") == ""
    assert await talk.code("ada", "askEventQuestion", **given, idempotencyKey="a") == ""
    assert await listed(talk, "eve", event) == ["Why?"], "sent again, it is asked once"


async def test_questions_of_many_events_cost_as_many_statements_as_of_one(talk: Talk) -> None:
    for _ in range(4):
        event = await talk.event()
        for number in range(3):
            await ask(talk, event, text=f"{number}?")
    query = """query($n: Int!) { events(first: $n) { nodes {
        questions { totalCount nodes { viewerHasUpvoted } } } } }"""
    sent = {number: await _statements(talk, query, number) for number in (1, 4)}
    assert sent[1] == sent[4]


async def _statements(talk: Talk, query: str, number: int) -> int:
    with sent_statements(talk.database) as sent:
        await talk.ask("grace", query, n=number)
    return len(sent)
