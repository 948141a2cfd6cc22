"""Timelines in Redis, under seed 000's keys, for who has read theirs lately:

    user:feed:{user_id}:1   ["id", "id", …]   the newest, 50 to 100 of them
    user:feed:{user_id}:2   ["id", …]         50 older ones, and so on to page 20
    user:feed:{user_id}:order                 {newest: when, late: how many}

A page says which posts may be in the timeline and not which are: PostgreSQL does. Scripts do what takes more
than one command, so that a reader never sees half of it, and is answered with one text.

Pages are in the order in which posts came here, which is nearly that in which they were written. `order`
says how nearly: `newest` is when the newest of all was written, `late` how many came after one that is
newer. So many more than a reader asks for are enough to know that no other is among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple

import orjson
from asyncpg.pgproto.pgproto import UUID

from db.redis import RedisStore
from subgraphs.feed.values import PersonId, PostId

SIZE, MOST_PAGES = 50, 20
SECONDS = 3 * 24 * 3600
BUILDING_SECONDS = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FIND = """
local name = 'user:feed:' .. ARGV[1] .. ':'
local late = redis.call('HGET', name .. 'order', 'late')
local most, last = tonumber(late and ARGV[2] or ARGV[3]), tonumber(ARGV[3])
local pages, others = {}, {}
for number = 1, most do
    local page = redis.call('GET', name .. number)
    if page then pages[#pages + 1] = page elseif number == 1 then return false end
end
for number = most + 1, last do others[#others + 1] = name .. number end
local more = #others > 0 and redis.call('EXISTS', unpack(others)) or 0
return '[[' .. table.concat(pages, ',') .. '],' .. (late or 'null') .. ',' .. more .. ']'"""
"""All of them when nobody knows how many came late."""

KEEP_A_PLACE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], '["building"]', 'EX', ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'newest', 0, 'late', 0)
redis.call('EXPIRE', KEYS[2], ARGV[1])
return 1"""
"""What arrives while a timeline is built is put there, and the place goes by itself if the builder dies."""

PUSH = """
local size, most, seconds, at = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[5])
for number = 6, #ARGV do
    local name = 'user:feed:' .. ARGV[number]
    local page = redis.call('GET', name .. ':1')
    redis.call('PUBLISH', 'plait:feed:' .. ARGV[number], ARGV[4])
    if page and not string.find(page, ARGV[4], 1, true) then
        local ids = cjson.decode(page)
        table.insert(ids, 1, ARGV[4])
        if #ids > 2 * size then
            for at = most - 1, 2, -1 do
                if redis.call('EXISTS', name .. ':' .. at) == 1 then
                    redis.call('RENAME', name .. ':' .. at, name .. ':' .. (at + 1))
                end
            end
            local older = {}
            while #ids > size do table.insert(older, 1, table.remove(ids)) end
            redis.call('SET', name .. ':2', cjson.encode(older), 'EX', seconds)
        end
        redis.call('SET', name .. ':1', cjson.encode(ids), 'KEEPTTL')
        local newest = tonumber(redis.call('HGET', name .. ':order', 'newest') or '')
        if newest and not at then redis.call('DEL', name .. ':order')
        elseif newest and at > newest then redis.call('HSET', name .. ':order', 'newest', ARGV[5])
        elseif newest then redis.call('HINCRBY', name .. ':order', 'late', 1) end
    end
end"""

BUILT = """
local order, known = KEYS[#KEYS], {}
local first = cjson.decode(ARGV[3])
for _, id in ipairs(first) do known[id] = true end
local arrived = redis.call('GET', KEYS[1])
local newest, late = tonumber(ARGV[2]), 0
if arrived then
    local ids = cjson.decode(arrived)
    for at = #ids, 1, -1 do
        if ids[at] ~= 'building' and not known[ids[at]] then
            table.insert(first, 1, ids[at])
            late = late + 1
        end
    end
    local before = tonumber(redis.call('HGET', order, 'newest') or '')
    late = late + (redis.call('HGET', order, 'late') or 0)
    newest = newest and before and math.max(newest, before)
end
redis.call('SET', KEYS[1], #first > 0 and cjson.encode(first) or '[]', 'EX', ARGV[1])
for at = 2, #KEYS - 1 do
    if ARGV[at + 2] == '[]' then redis.call('DEL', KEYS[at])
    else redis.call('SET', KEYS[at], ARGV[at + 2], 'EX', ARGV[1]) end
end
redis.call('DEL', order)
if newest then
    redis.call('HSET', order, 'newest', string.format('%.0f', newest), 'late', late)
    redis.call('EXPIRE', order, ARGV[1])
end"""


class Kept(NamedTuple):
    """What may be in a timeline, what came last in front."""

    ids: Sequence[PostId]
    late: int | None
    """At most so many came after one that is newer than they are. None: nobody knows."""
    is_whole: bool
    """Whether these are all that are kept."""


class FeedPages:
    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis
        self._find = redis.client.register_script(FIND)

    async def find(self, user: PersonId, most: int = MOST_PAGES) -> Kept | None:
        """Of the first `most` pages; None when there is no first page, or it is being built. Raises
        StoreUnavailable.
        """
        async with self._redis.use():
            found = await self._find(args=[str(user), most, MOST_PAGES])
        if found is None:
            return None
        try:  # a thousand ids: as asyncpg's own UUIDs in a tenth of the time
            pages, late, more = orjson.loads(found)
            return Kept(list(map(UUID, chain.from_iterable(pages))), late, more == 0)
        except (ValueError, TypeError, AttributeError):
            return None

    async def keep_a_place(self, user: PersonId) -> None:
        names = _names(user)
        async with self._redis.use() as client:
            await client.eval(KEEP_A_PLACE, 2, names[0], names[-1], BUILDING_SECONDS)

    async def put(self, user: PersonId, ids: Sequence[PostId], newest: datetime | None = None) -> None:
        """The newest, which is from `newest`, first. What arrived since the place was kept stays in front."""
        texts = [str(post_id) for post_id in ids]
        pages = [orjson.dumps(texts[at : at + SIZE]) for at in range(0, SIZE * MOST_PAGES, SIZE)]
        names = _names(user)
        async with self._redis.use() as client:
            await client.eval(BUILT, len(names), *names, SECONDS, _microseconds(newest), *pages)

    async def push(self, post_id: PostId, users: Sequence[PersonId], at: datetime | None = None) -> None:
        """In front of the first page of each who has one; `at`: when it was written. Doing it again changes
        nothing.
        """
        post = (str(post_id), _microseconds(at))
        async with self._redis.use() as client:
            await client.eval(PUSH, 0, SIZE, MOST_PAGES, SECONDS, *post, *map(str, users))

    async def drop(self, users: Sequence[PersonId]) -> None:
        names = [name for user in users for name in _names(user)]
        if names:
            async with self._redis.use() as client:
                await client.unlink(*names)


def _names(user: PersonId) -> list[str]:
    """Of the pages, and at last of what is known of their order."""
    return [f"user:feed:{user}:{page}" for page in (*range(1, MOST_PAGES + 1), "order")]


def _microseconds(moment: datetime | None) -> int | str:
    """As a number that Lua compares exactly."""
    return "" if moment is None else (moment - EPOCH) // timedelta(microseconds=1)
