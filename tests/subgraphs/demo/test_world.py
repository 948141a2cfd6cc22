"""The rows of the demo world: coherent, seen from a present, the same for everybody."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from subgraphs.catalog.demo.rows import music
from subgraphs.events.demo.plans import PLANS
from subgraphs.events.demo.rows import attendee_rows, event_rows, invitation_rows, venue_row
from subgraphs.kit.demo import SIZES, DemoSize, World, demo_id
from subgraphs.kit.demo.gatherings import Stage, gathering
from subgraphs.kit.demo.people import Part, people
from subgraphs.kit.demo.pictures.book import PictureBook
from subgraphs.kit.demo.places import CITIES
from subgraphs.kit.demo.texts import read_texts
from subgraphs.posts.demo.rows import PostRows, bookmark_rows
from subgraphs.users.demo.rows import (
    block_rows,
    follow_rows,
    private_numbers,
    request_rows,
    user_rows,
)

NOW = datetime(2031, 5, 14, tzinfo=UTC)
SIZE = SIZES["small"]
MIDDLING = DemoSize(users=400, posts=1500, artists=60, events=200, follows=10)
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
TEXTS = {"bio", "content", "title", "description", "name", "first_name", "last_name"}
Row = dict[str, Any]


def world(size: DemoSize = SIZE, now: datetime = NOW) -> World:
    return World(size, now, PictureBook())


def posts_of(world: World) -> list[Row]:
    rows = PostRows(world)
    return [dict(rows.post(number)[0]) for number in range(world.size.posts)]


def events_of(world: World) -> list[Row]:
    return [dict(row) for _venue, row in event_rows(world, range(world.size.events))]


def person_of(size: DemoSize, row_id: object) -> Any:
    by_id = {demo_id("user", number): number for number in range(size.users)}
    return people(size.users)[by_id[row_id]]  # type: ignore[index]


def test_two_hundred_posts_are_two_hundred_texts() -> None:
    assert len({post["content"] for post in posts_of(world())}) == 200


def test_people_write_about_what_they_like_in_their_language() -> None:
    for post in posts_of(world()):
        author = person_of(SIZE, post["author_id"])
        assert bool(CYRILLIC.search(post["content"])) == (author.language == "ru")
        if post["type"] != "EVENT":
            openings = [
                author.city.fill(opening)
                for topic in author.topics
                for opening in read_texts("subgraphs.posts.demo", topic)[author.language]["openings"]
            ]
            assert post["content"].startswith(tuple(openings))


def test_a_post_about_an_event_is_in_the_language_of_its_city_and_never_about_a_draft() -> None:
    numbers = {demo_id("event", number): number for number in range(MIDDLING.events)}
    about = [post for post in posts_of(world(MIDDLING)) if post["type"] == "EVENT"]
    assert len(about) == 300
    for post in about:
        meeting = gathering(MIDDLING, numbers[post["event_id"]])
        assert meeting.stage is not Stage.DRAFT
        assert bool(CYRILLIC.search(post["content"])) == (meeting.city.language == "ru")


def test_titles_of_events_fit_their_category_and_venues_their_city() -> None:
    small = world()
    for number, (venue, event) in enumerate(event_rows(small, range(SIZE.events))):
        meeting = gathering(SIZE, number)
        category, *plans = PLANS[meeting.topic]
        titles = [
            one["title"] for one in read_texts("subgraphs.events.demo", meeting.topic)[meeting.city.language]
        ]
        variant = [meeting.city.fill(title) for title in titles].index(event["title"])
        place = venue_row(small, venue)
        assert event["category"] == category.value
        assert place["id"] == event["venue_id"]
        assert (place["city"], event["timezone"]) == (meeting.city.name, meeting.city.timezone)
        assert any(street in place["address"] for street in meeting.city.streets)
        assert place["capacity"] is None or (plans[variant].most or 0) <= place["capacity"]
        local = event["starts_at"].astimezone(meeting.city.clock)
        assert local.time() == plans[variant].starts
        assert plans[variant].weekday in (None, local.weekday())


def test_most_events_are_to_come_and_the_first_of_them_soon() -> None:
    events = events_of(world(MIDDLING))
    by_status = Counter(event["status"] for event in events)
    assert by_status["PUBLISHED"] > 0.6 * len(events)
    assert all(by_status[status] >= 5 for status in ("COMPLETED", "CANCELLED", "DRAFT"))
    for event in events:
        assert (event["ends_at"] < NOW) == (event["status"] == "COMPLETED")
    soonest = sorted(e["starts_at"] for e in events if e["status"] == "PUBLISHED")
    assert NOW + timedelta(hours=24) < soonest[0] < NOW + timedelta(days=3)
    assert soonest[-1] < NOW + timedelta(weeks=8)


def test_nobody_says_more_will_come_than_there_are_places() -> None:
    small = world(MIDDLING)
    events = events_of(small)
    answers = Counter(row["event_id"] for row in attendee_rows(small, range(MIDDLING.events), events))  # type: ignore[arg-type]
    for event in events:
        assert answers[event["id"]] <= (event["max_attendees"] or 14)
        assert (answers[event["id"]] > 0) == (event["status"] != "DRAFT")


def test_nothing_but_events_lies_in_the_future() -> None:
    here = world(MIDDLING)
    rows = PostRows(here)
    posts = [rows.post(number)[0] for number in range(MIDDLING.posts)]
    events = events_of(here)
    answers = list(attendee_rows(here, range(MIDDLING.events), events))  # type: ignore[arg-type]
    made = [
        *posts,
        *events,
        *answers,
        *bookmark_rows(here, rows.public),
        *follow_rows(here),
        *user_rows(here, ""),
    ]
    assert max(row["created_at"] for row in made) <= NOW
    assert max(post["created_at"] for post in posts) > NOW - timedelta(days=2)
    assert all(album["release_date"] <= NOW.date() for album in music(here, range(MIDDLING.artists)).albums)


@pytest.mark.parametrize("size", [SIZE, MIDDLING, DemoSize(3, 9, 2, 4)], ids=["small", "middling", "tiny"])
def test_everybody_follows_as_many_as_the_size_says_and_nobody_twice_or_themselves(size: DemoSize) -> None:
    pairs = [(row["follower_id"], row["followed_id"]) for row in follow_rows(world(size))]
    assert len(pairs) == size.users * min(size.follows, size.users - 1)
    assert len(set(pairs)) == len(pairs)
    assert all(follower != followed for follower, followed in pairs)


def test_the_large_world_has_a_hundred_thousand_people_and_a_million_follows() -> None:
    large = SIZES["large"]
    assert (large.users, large.users * large.follows, large.posts) == (100_000, 1_000_000, 300_000)


def test_usernames_are_different_and_good_for_signing_up() -> None:
    names = [row["username"] for row in user_rows(world(DemoSize(4000, 0, 0, 0)), "")]
    assert len(set(names)) == 4000
    assert all(re.fullmatch(r"[a-z][a-z.]{2,28}[a-z0-9]{0,5}", name) and len(name) <= 30 for name in names)


def test_albums_hang_together_and_no_two_of_an_artist_are_alike() -> None:
    made = music(world(MIDDLING), range(MIDDLING.artists))
    written = read_texts("subgraphs.catalog.demo", "albums")
    known = [album["tracks"] for moods in written.values() for albums in moods.values() for album in albums]
    tracks: dict[object, list[str]] = {}
    for track in made.tracks:
        tracks.setdefault(track["album_id"], []).append(track["title"])
    of_artist: dict[object, list[str]] = {}
    for album in made.albums:
        played = tracks[album["id"]]
        assert any(all_of[: len(played)] == played for all_of in known)
        of_artist.setdefault(album["artist_id"], []).append(played[0])
    assert all(len(set(firsts)) == len(firsts) for firsts in of_artist.values())


def test_no_track_says_that_it_can_be_played_before_its_sound_is_made() -> None:
    tracks = music(world(MIDDLING), range(MIDDLING.artists)).tracks
    assert [track["is_available"] for track in tracks] == [False] * len(tracks)


def test_the_same_world_on_another_day_differs_in_times_alone() -> None:
    def written(now: datetime) -> list[Any]:
        here = world(now=now)
        return [
            [(row["id"], row["bio"], row["avatar_url"]) for row in user_rows(here, "")],
            [(row["id"], row["author_id"], row["content"]) for row in posts_of(here)],
            [(row["id"], row["title"], row["description"], row["status"]) for row in events_of(here)],
        ]

    later = NOW + timedelta(days=100)
    assert written(NOW) == written(later)
    shifts = {
        after["created_at"] - before["created_at"]
        for before, after in zip(user_rows(world(), ""), user_rows(world(now=later), ""), strict=True)
    }
    assert shifts == {timedelta(days=100)}


def test_a_world_without_pictures_points_at_none() -> None:
    bare = World(SIZE, NOW)
    rows = PostRows(bare)
    made = [rows.post(number) for number in range(SIZE.posts)]
    assert not [images for _post, images in made if images]
    assert {post["type"] for post, _images in made} == {"TEXT", "EVENT"}
    assert {row["avatar_url"] for row in user_rows(bare, "")} == {None}
    songs = music(bare, range(SIZE.artists))
    assert {row["avatar_url"] for row in songs.artists} == {None}
    assert all(album["cover_url"].startswith("data:image/svg+xml,") for album in songs.albums)
    assert max(len(album["cover_url"]) for album in songs.albums) <= 512


def test_nothing_is_left_to_fill_in() -> None:
    here = world(MIDDLING)
    songs = music(here, range(MIDDLING.artists))
    rows = [*user_rows(here, ""), *posts_of(here), *events_of(here), *songs.artists, *songs.albums]
    texts = [value for row in rows for name, value in row.items() if name in TEXTS and value is not None]
    assert len(texts) > 3000
    assert not [
        text for text in texts if re.search(r"[{}<>_]|\s\s|lorem|TODO|None", text) or text != text.strip()
    ]


def test_every_city_is_at_its_own_clock() -> None:
    assert len({city.name for city in CITIES}) == len(CITIES)
    offsets = {city.clock.utcoffset(datetime(2031, 1, 1)) for city in CITIES}
    assert len(offsets) >= 6


def test_private_accounts_have_somebody_waiting_and_nothing_crosses_a_block() -> None:
    small = world()
    privates = {demo_id("user", number) for number in private_numbers(SIZE.users)}
    assert demo_id("user", Part.PLAIN_USER) in privates
    follows = {(row["follower_id"], row["followed_id"]) for row in follow_rows(small)}
    requests = {(row["requester_id"], row["requested_id"]) for row in request_rows(small)}
    assert {requested for _, requested in requests} == privates
    assert not requests & follows
    blocks = {(row["blocker_id"], row["blocked_id"]) for row in block_rows(small)}
    assert blocks
    for pair in blocks | {(blocked, blocker) for blocker, blocked in blocks}:
        assert pair not in follows
        assert pair not in requests


def test_hosts_ask_others_to_what_is_to_come() -> None:
    small, numbers = world(), range(SIZE.events)
    rows = [row for _venue, row in event_rows(small, numbers)]
    open_ = {row["id"] for row in rows if row["status"] == "PUBLISHED"}
    asked = list(invitation_rows(small, numbers, rows))
    assert {row["status"] for row in asked} == {"PENDING", "DECLINED"}
    assert {row["event_id"] for row in asked} <= open_
    assert all(row["inviter_id"] != row["invitee_id"] for row in asked)
