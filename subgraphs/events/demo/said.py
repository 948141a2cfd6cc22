"""The rows of what people say about demo events, and of the pictures that hang there.

Questions are asked about what is to come or is over, most of them answered; who said they come to what is
over reviews it, in the language of the city.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.galleries import gallery
from subgraphs.kit.demo.gatherings import Gathering, Stage, gathering
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.texts import read_texts

QUESTIONS, VOTERS, REVIEWS = 3, 6, 5
"""The most of an event; voters of a question."""
STARS = (5, 5, 4, 4, 4, 3)
OPEN = (Stage.UPCOMING, Stage.PAST)


def question_rows(world: World, numbers: Sequence[int], events: Sequence[Row]) -> Iterator[Row]:
    """The last one of an event that is to come waits for its answer."""
    for number, event in zip(numbers, events, strict=True):
        meeting, draw = gathering(world.size, number), demo_random("question", number)
        asking = _others(world, meeting, draw, QUESTIONS)
        if meeting.stage not in OPEN:
            continue
        written = draw.sample(_file("questions")["questions"][meeting.city.language], len(asking))
        for at, (who, said) in enumerate(zip(asking, written, strict=True)):
            asked = _between(event["created_at"], min(event["starts_at"], world.now), draw)
            waits = meeting.stage is Stage.UPCOMING and at == len(asking) - 1
            answered = None if waits else asked + (world.now - asked) / 10
            yield {
                "id": demo_id("event_question", number * QUESTIONS + at),
                "event_id": event["id"],
                "user_id": demo_id("user", who),
                "question": said["question"],
                "answer": None if waits else said["answer"],
                "answered_by": None if waits else event["host_id"],
                "answered_at": answered,
                "created_at": asked,
                "updated_at": answered or asked,
            }


def upvote_rows(world: World, numbers: Sequence[int], questions: Sequence[Row]) -> Iterator[Row]:
    """Of others than who asked. `upvote_count` is the triggers' to keep."""
    asked = {row["id"]: row for row in questions}
    for number in numbers:
        meeting = gathering(world.size, number)
        for at in range(QUESTIONS):
            question = asked.get(demo_id("event_question", number * QUESTIONS + at))
            if question is None:
                continue
            draw = demo_random("upvote", number * QUESTIONS + at)
            for who in _others(world, meeting, draw, VOTERS):
                if demo_id("user", who) != question["user_id"]:
                    yield {
                        "question_id": question["id"],
                        "user_id": demo_id("user", who),
                        "created_at": _between(question["created_at"], world.now, draw),
                    }


def review_rows(
    world: World, numbers: Sequence[int], events: Sequence[Row], answers: Sequence[Row]
) -> Iterator[Row]:
    """By some of those who said that they come."""
    came: dict[object, list[Row]] = {}
    for answer in answers:
        if answer["status"] == "GOING":
            came.setdefault(answer["event_id"], []).append(answer)
    for number, event in zip(numbers, events, strict=True):
        meeting, draw = gathering(world.size, number), demo_random("review", number)
        if meeting.stage is not Stage.PAST:
            continue
        for at, answer in enumerate(came.get(event["id"], [])[:REVIEWS]):
            stars = draw.choice(STARS)
            written = _between(event["ends_at"], world.now, draw)
            yield {
                "id": demo_id("event_review", number * REVIEWS + at),
                "event_id": event["id"],
                "reviewer_id": answer["user_id"],
                "rating": stars,
                "text": draw.choice(_file("reviews")[f"stars{stars}"][meeting.city.language]),
                "created_at": written,
                "updated_at": written,
            }


def image_rows(world: World, numbers: Sequence[int], events: Sequence[Row]) -> Iterator[Row]:
    """None in a world without pictures."""
    for number, event in zip(numbers, events, strict=True):
        for hung in gallery(world.size, number) if world.pictures is not None else ():
            yield {
                "id": hung.id,
                "event_id": event["id"],
                "media_id": hung.media_id,
                "user_id": event["host_id"],
                "alt_text": hung.alt_text,
                "position": hung.position,
                "created_at": event["created_at"],
                "updated_at": event["created_at"],
            }


def _others(world: World, meeting: Gathering, draw: Random, most: int) -> list[int]:
    """Who understands the language, and does not host."""
    local = [
        each for each in people(world.size.users).by_language[meeting.city.language] if each != meeting.host
    ]
    return draw.sample(local, min(draw.randint(1, most), len(local)))


def _between(begin: datetime, end: datetime, draw: Random) -> datetime:
    return begin + max(end - begin, timedelta()) * draw.random()


@cache
def _file(name: str) -> dict[str, Any]:
    return dict(read_texts(__package__, name))
