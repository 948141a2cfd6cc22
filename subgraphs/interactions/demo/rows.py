"""The rows of demo likes and comments: about public posts, by people who speak their author's language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from subgraphs.kit.demo import Row, World, demo_id, demo_random
from subgraphs.kit.demo.people import people
from subgraphs.kit.demo.postings import Posting, posting
from subgraphs.kit.demo.texts import read_texts, skewed

ANSWERS_IN = 3
"""One of so many comments answers another one."""

LATEST_HOURS = 20
"""Every demo post is a day old at least, so what is said of it is later."""


def comment_rows(world: World) -> Iterator[Row]:
    for number in range(world.size.comments):
        if number % ANSWERS_IN != ANSWERS_IN - 1:
            yield _row(world, number, None)


def answer_rows(world: World) -> Iterator[Row]:
    """Each answers the comment before it, an hour at most after it."""
    for number in range(ANSWERS_IN - 1, world.size.comments, ANSWERS_IN):
        yield _row(world, number, number - 1)


def like_rows(world: World) -> Iterator[Row]:
    """Everybody likes as many of the better known public posts. O(users)."""
    for user in range(world.size.users):
        draw, liked = demo_random("like", user), set[int]()
        for nth in range(world.size.likes):
            number, _post = _public(world, draw)
            if number not in liked:
                liked.add(number)
                post_id = demo_id("post", number)
                yield {
                    "id": demo_id("like", user * world.size.likes + nth),
                    "target_id": post_id,
                    "post_id": post_id,
                    "user_id": demo_id("user", user),
                    "created_at": _lately(world, draw),
                }


def _row(world: World, number: int, answered: int | None) -> Row:
    thread = number if answered is None else answered
    about = demo_random("comment", thread)
    post_number, post = _public(world, about)
    asked = _lately(world, about)
    draw = about if answered is None else demo_random("answer", number)
    author = _speaker(world, post, draw)
    written = asked if answered is None else asked + timedelta(minutes=draw.randint(1, 60))
    return {
        "id": demo_id("comment", number),
        "post_id": demo_id("post", post_number),
        "post_author_id": demo_id("user", post.author),
        "parent_id": None if answered is None else demo_id("comment", answered),
        "depth": 0 if answered is None else 1,
        "author_id": demo_id("user", author),
        "reply_count": int(answered is None and _is_answered(world, number)),
        "document": json.dumps({"text": _text(world, author, answered is not None, draw)}),
        "created_at": written,
        "updated_at": written,
    }


def _is_answered(world: World, number: int) -> bool:
    return (number + 1) % ANSWERS_IN == ANSWERS_IN - 1 and number + 1 < world.size.comments


def _public(world: World, draw: Random) -> tuple[int, Posting]:
    """A public post, the first ones more often. As a rule the first that is drawn."""
    while True:
        number = skewed(draw, range(world.size.posts), 1.4)
        found = posting(world.size, number)
        if found.visibility == "PUBLIC":
            return number, found


def _speaker(world: World, post: Posting, draw: Random) -> int:
    everybody = people(world.size.users)
    return skewed(draw, everybody.by_language[everybody[post.author].language], 1.2)


def _lately(world: World, draw: Random) -> datetime:
    return world.now - timedelta(hours=1 + (LATEST_HOURS - 1) * draw.random())


def _text(world: World, author: int, is_answer: bool, draw: Random) -> str:
    written = _texts()[people(world.size.users)[author].language]
    return str(draw.choice(written["answers" if is_answer else "comments"]))


@cache
def _texts() -> dict[str, Any]:
    return dict(read_texts(__package__, "comments"))
