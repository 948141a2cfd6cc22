"""The rows of demo posts. They are made in order, since nobody should write the same twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random

from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.galleries import alt_text
from subgraphs.kit.demo.gatherings import Stage, gathering
from subgraphs.kit.demo.people import Person, people
from subgraphs.kit.demo.pictures import book
from subgraphs.kit.demo.pictures.names import SCENE_OF
from subgraphs.kit.demo.postings import (
    ABOUT_EVENT,
    CYCLE,
    WITH_IMAGES,
    event_of,
    guest,
    topic_author,
    visibility_of,
)
from subgraphs.kit.demo.texts import skewed
from subgraphs.posts.demo.writing import Writer

MOST_DAYS = 180
WAKING_HOURS = (8, 21)


@dataclass(slots=True)
class PostRows:
    """Makes the posts in order; remembers the public ones, which are what people save."""

    world: World
    writer: Writer = field(default_factory=Writer)
    public: list[tuple[int, datetime]] = field(default_factory=list)

    def post(self, number: int) -> tuple[Row, list[Row]]:
        """A post and its images."""
        draw = demo_random("post", number)
        if number % CYCLE == ABOUT_EVENT:
            return self._about_event(number, draw), []
        return self._about_topic(number, draw)

    def _about_topic(self, number: int, draw: Random) -> tuple[Row, list[Row]]:
        author = topic_author(self.world.size, draw)
        person = people(self.world.size.users)[author]
        topic = skewed(draw, person.topics, 1.3)
        written = self._written(person, 1 + int(MOST_DAYS * draw.random() ** 2), draw)
        images: list[Row] = []
        if number % CYCLE == WITH_IMAGES and self.world.pictures is not None:
            images = list(self._images(number, topic, person, written, draw))
        kind, visibility = "IMAGES" if images else "TEXT", visibility_of(number)
        text = self.writer.about(topic, person.city)
        said = {"content": text, "type": kind, "language": person.language}
        return self._row(number, author, written, visibility=visibility, **said), images

    def _about_event(self, number: int, draw: Random) -> Row:
        event = event_of(self.world.size, number, draw)
        meeting = gathering(self.world.size, event)
        author = guest(self.world.size, meeting, draw)
        person = people(self.world.size.users)[author]
        latest = -meeting.days - 1 if meeting.stage is Stage.PAST else 10
        written = self._written(person, draw.randint(1, max(1, latest)), draw)
        text = self.writer.about_event(meeting.stage, meeting.city)
        said = {"content": text, "type": "EVENT", "language": meeting.city.language}
        row = self._row(number, author, written, visibility="PUBLIC", **said)
        return {**row, "event_id": demo_id("event", event)}

    def _images(
        self, number: int, topic: str, person: Person, written: datetime, draw: Random
    ) -> Iterator[Row]:
        for position in range(draw.choice((1, 1, 2))):
            name = book.post_picture(topic, draw.randrange(book.MOST_VARIANTS // 2) * 2 + position)
            yield {
                "post_id": demo_id("post", number),
                "image_url": self.world.picture(name),
                "alt_text": alt_text(SCENE_OF[topic], person.language),
                "position": position,
                "created_at": written,
            }

    def _written(self, person: Person, days_ago: int, draw: Random) -> datetime:
        """A moment of that day when people are awake where they live, and before the present."""
        hour, minute = draw.randint(*WAKING_HOURS), draw.randrange(60)
        day = self.world.now.date() - timedelta(days=days_ago)
        moment = datetime.combine(day, time(hour, minute, draw.randrange(60)), person.city.clock)
        written = moment.astimezone(self.world.now.tzinfo)
        return written if written < self.world.now else written - timedelta(days=1)

    def _row(self, number: int, author: int, written: datetime, *, visibility: str, **rest: str) -> Row:
        if visibility == "PUBLIC":
            self.public.append((number, written))
        ids = {"id": demo_id("post", number), "author_id": demo_id("user", author), "event_id": None}
        return {**ids, **rest, "visibility": visibility, "created_at": written, "updated_at": written}


def bookmark_rows(world: World, public: list[tuple[int, datetime]]) -> Iterator[Row]:
    """Everybody saves the same number of public posts, each some time after it was written. O(users)."""
    saved = min(world.size.bookmarks, len(public))
    for user in range(world.size.users):
        draw = demo_random("bookmark", user)
        for place in draw.sample(range(len(public)), saved):
            number, written = public[place]
            kept = written + (world.now - written) * draw.random()
            yield {"user_id": demo_id("user", user), "post_id": demo_id("post", number), "created_at": kept}
