"""The rows of demo accounts: who they are, whom they follow, which roles they have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from subgraphs.kit.demo import Row, World, demo_id, demo_random, school
from subgraphs.kit.demo.names import in_latin
from subgraphs.kit.demo.people import Part, People, Person, people
from subgraphs.kit.demo.pictures import book
from subgraphs.kit.demo.texts import read_texts, skewed

FIRST_JOINED_DAYS, LAST_JOINED_DAYS = 730, 21
REQUESTS, BLOCKED_AFTER = 5, 7


def user_rows(world: World, password_hash: str) -> Iterator[Row]:
    everybody = people(world.size.users)
    for number, username in enumerate(usernames(everybody)):
        person, joined = everybody[number], _joined(world, number)
        yield {
            "id": demo_id("user", number),
            "telegram_id": school.telegram_id(number),
            "username": username,
            "email": f"{username}@plait.example",
            "password_hash": password_hash,
            "first_name": person.given,
            "last_name": person.family,
            "bio": _bio(person, number),
            "avatar_url": world.picture(book.avatar(number)) if number % 8 != 7 else None,
            "is_verified": True,
            "created_at": joined,
            "updated_at": joined,
        }


def usernames(everybody: People) -> Iterator[str]:
    """given.family, with a number for those who came too late for it. The first n do not go by the size."""
    taken: set[str] = set()
    for number in range(len(everybody)):
        person = everybody[number]
        name = f"{in_latin(person.given)}.{in_latin(person.family)}"
        yield name if name not in taken else f"{name}{number}"
        taken.add(name)


def follow_rows(world: World) -> Iterator[Row]:
    """Everybody follows the same number of people: mostly those who share a language and an interest."""
    everybody = people(world.size.users)
    ids = [demo_id("user", number) for number in range(len(everybody))]
    for number in range(len(everybody)):
        draw = demo_random("follow", number)
        for followed in _followed(everybody, number, world.size.follows):
            both = max(_joined(world, number), _joined(world, followed))
            since = both + (world.now - both) * draw.random()
            yield {"follower_id": ids[number], "followed_id": ids[followed], "created_at": since}


def private_numbers(count: int) -> Iterator[int]:
    """Whose account is private: the plain user's, and every twelfth."""
    yield from (number for number in range(count) if number == Part.PLAIN_USER or number % 12 == 11)


def request_rows(world: World) -> Iterator[Row]:
    """Some wait for a private account's answer who do not follow it, and whom it does not block."""
    everybody = people(world.size.users)
    for number in private_numbers(len(everybody)):
        draw = demo_random("follow request", number)
        asked = {draw.randrange(len(everybody)) for _ in range(REQUESTS)} - {number, *blocked_by(number)}
        for requester in sorted(asked):
            if number in _followed(everybody, requester, world.size.follows):
                continue
            since = max(_joined(world, number), _joined(world, requester))
            yield {
                "requester_id": demo_id("user", requester),
                "requested_id": demo_id("user", number),
                "created_at": since + (world.now - since) * draw.random(),
            }


def block_rows(world: World) -> Iterator[Row]:
    count = world.size.users
    for number in range(count):
        for blocked in blocked_by(number):
            if blocked < count:
                since = max(_joined(world, number), _joined(world, blocked))
                yield {
                    "blocker_id": demo_id("user", number),
                    "blocked_id": demo_id("user", blocked),
                    "created_at": since + (world.now - since) / 2,
                }


def blocked_by(number: int) -> tuple[int, ...]:
    """The plain user and every hundredth have had enough of somebody."""
    return (number + BLOCKED_AFTER,) if number == Part.PLAIN_USER or number % 100 == 50 else ()


def setting_rows(world: World) -> Iterator[tuple[UUID, str, str]]:
    """Whose, what they read, and where their clock is."""
    everybody = people(world.size.users)
    for number in range(len(everybody)):
        city = everybody[number].city
        yield demo_id("user", number), city.language.upper(), city.timezone


def role_rows(world: World, role_ids: dict[str, int]) -> Iterator[Row]:
    for number in range(world.size.users):
        for role in _roles(number):
            yield {"user_id": demo_id("user", number), "role_id": role_ids[role]}


def _roles(number: int) -> Iterator[str]:
    yield "ROLE_USER"
    if number == Part.ADMINISTRATOR:
        yield "ROLE_ADMIN"
    if school.is_teacher(number):
        yield "ROLE_TEACHER"
    if school.is_student(number):
        yield "ROLE_STUDENT"


def _followed(everybody: People, number: int, wanted: int) -> list[int]:
    """Others, each once, the earlier ones more often. O(wanted), but for the last of a very small world."""
    draw, person = demo_random("followed", number), everybody[number]
    pools = [everybody.by_interest[person.language, topic] for topic in person.topics]
    pools.append(everybody.by_language[person.language])
    absent = {number, *between(number)}
    chosen: dict[int, None] = {}
    for _attempt in range(wanted * 3):
        if len(chosen) < wanted:
            chosen[skewed(draw, draw.choice(pools), 1.5)] = None
        for other in absent:
            chosen.pop(other, None)
    others = iter(range(len(everybody)))
    while len(chosen) < min(wanted, len(everybody) - len(absent)):
        other = next(others)
        if other not in absent:
            chosen[other] = None
    return list(chosen)


def between(number: int) -> set[int]:
    """With whom there is a block."""
    blocker = number - BLOCKED_AFTER
    return {*blocked_by(number), *({blocker} if number in blocked_by(blocker) else set())}


def _joined(world: World, number: int) -> datetime:
    hours = 24 * (FIRST_JOINED_DAYS - LAST_JOINED_DAYS)
    return world.now - timedelta(days=FIRST_JOINED_DAYS) + timedelta(hours=number * 577 % hours)


def _bio(person: Person, number: int) -> str:
    """A line for each of the two dearest interests; most say where they live."""
    texts = _bios()
    lines = [f"{texts[topic][person.language]}." for topic in person.topics[: 1 + number % 5 // 2]]
    if number % 4:
        lines.append(person.city.fill(texts["home"][person.language]))
    return " ".join(lines)


@cache
def _bios() -> dict[str, dict[str, str]]:
    return dict(read_texts(__package__, "bios"))
