"""What is said about demo events and hangs in their galleries: fitting, and there for whoever asks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from db.postgres import connect
from subgraphs.analytics.demo.rows import event_rows as funnel_rows
from subgraphs.events.demo.rows import attendee_rows, event_rows
from subgraphs.events.demo.said import question_rows, review_rows, upvote_rows
from subgraphs.kit.demo import DemoSize, World, demo_id
from subgraphs.kit.demo.galleries import gallery
from subgraphs.kit.demo.gatherings import Stage, gathering
from subgraphs.kit.demo.pictures.book import PictureBook
from subgraphs.registry import build_domain, demo_of
from tests.subgraphs.support import config_in, data
from tests.support.postgres import migrated_stores

NOW = datetime(2031, 5, 14, tzinfo=UTC)
SIZE = DemoSize(users=60, posts=0, artists=0, events=60)
PAST = [number for number in range(SIZE.events) if gathering(SIZE, number).stage is Stage.PAST]
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
EVENTS = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Event {
    averageRating reviewCount images { id mediaId altText }
    questions { nodes { answer upvoteCount } } } } }"""
SHOWN = """query($r: [_Any!]!) { _entities(representations: $r) { ... on EventImage {
    media { status altText url width renditions { sizeBytes contentType } } } } }"""


def test_what_is_said_is_in_the_citys_language_after_its_event_was_made_and_by_who_may_say_it() -> None:
    world, numbers = World(SIZE, NOW, PictureBook()), range(SIZE.events)
    events = [row for _venue, row in event_rows(world, numbers)]
    answers = list(attendee_rows(world, numbers, events))
    questions = list(question_rows(world, numbers, events))
    reviews = list(review_rows(world, numbers, events, answers))
    meeting = {demo_id("event", number): gathering(SIZE, number) for number in numbers}
    by_id = {event["id"]: event for event in events}
    going = {(row["event_id"], row["user_id"]) for row in answers if row["status"] == "GOING"}
    for row in questions + reviews:
        event, said = by_id[row["event_id"]], row.get("question") or row["text"]
        assert bool(CYRILLIC.search(said)) == (meeting[event["id"]].city.language == "ru")
        assert event["created_at"] <= row["created_at"] <= NOW
        assert row.get("reviewer_id", row.get("user_id")) != event["host_id"]
    assert all(meeting[row["event_id"]].stage is Stage.PAST for row in reviews)
    assert {(row["event_id"], row["reviewer_id"]) for row in reviews} <= going
    assert len({(row["event_id"], row["reviewer_id"]) for row in reviews}) == len(reviews) > 20
    assert {None} < {row["answer"] for row in questions}
    votes = [(row["question_id"], row["user_id"]) for row in upvote_rows(world, numbers, questions)]
    asked = {(row["id"], row["user_id"]) for row in questions}
    assert len(set(votes)) == len(votes) > 60
    assert not asked & set(votes)


def test_more_looked_than_registered_than_came_than_review() -> None:
    world, numbers = World(SIZE, NOW), range(SIZE.events)
    events = [row for _venue, row in event_rows(world, numbers)]
    answers = list(attendee_rows(world, numbers, events))
    reviewed = [row["event_id"] for row in review_rows(world, numbers, events, answers)]
    for number in PAST:
        kinds = [row["kind"] for row in funnel_rows(world, number)]
        views, registered, came = (kinds.count(each) for each in ("VIEW", "REGISTERED", "CHECKED_IN"))
        assert views > registered > came >= reviewed.count(demo_id("event", number))


async def test_galleries_are_drawn_pictures_that_media_shows_and_a_second_seeding_adds_nothing(
    tmp_path: Path,
) -> None:
    config, world = config_in(tmp_path), World(SIZE, pictures=PictureBook())
    hung = {demo_id("event", n): list(gallery(SIZE, n)) for n in range(SIZE.events)}
    async with migrated_stores() as stores:
        for turn in range(2):
            for domain in ("media", "events"):
                database = connect(stores[domain])
                added = await demo_of(domain).seed(database, world)
                await database.close()
                assert (added > 0) == (turn == 0)
        event = next(demo_id("event", n) for n in PAST if len(hung[demo_id("event", n)]) > 1)
        asked = {"r": [{"__typename": "Event", "id": str(event)}]}
        async with build_domain("events", config, stores["events"]) as events:
            (found,) = (await data(events, EVENTS, **asked))["_entities"]
        assert [image["mediaId"] for image in found["images"]] == [str(e.media_id) for e in hung[event]]
        assert found["reviewCount"] > 0
        assert 3 <= found["averageRating"] <= 5
        assert sum(each["upvoteCount"] for each in found["questions"]["nodes"]) > 0
        keys = {"__typename": "EventImage"}
        images = [keys | {name: image[name] for name in ("id", "mediaId")} for image in found["images"]]
        async with build_domain("media", config, stores["media"]) as media:
            shown = (await data(media, SHOWN, r=images))["_entities"]
    for picture, drawing in zip(shown, hung[event], strict=True):
        assert picture["media"]["status"] == "READY"
        assert picture["media"]["url"].startswith(f"/media/{drawing.name}?until=")
        assert picture["media"]["altText"] == drawing.alt_text
        assert drawing.name in (world.pictures or PictureBook()).used
