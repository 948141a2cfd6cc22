"""Timelines in Redis, under seed 000's keys, for who has read theirs lately:

    user:feed:{user_id}:1   ["id", "id", …]   the newest, 50 to 100 of them
    user:feed:{user_id}:2   ["id", …]         50 older ones, and so on to page 20

A page says which posts may be in the timeline and not which are: PostgreSQL does. Scripts do what takes more
than one command, so that a reader never sees half of it, and is answered with one text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import orjson
from asyncpg.pgproto.pgproto import UUID

from db.redis import RedisStore
from subgraphs.feed.values import PersonId, PostId

SIZE, MOST_PAGES = 50, 20
SECONDS = 3 * 24 * 3600
BUILDING_SECONDS = 10

FIND = """
local pages = {}
for number = 1, tonumber(ARGV[2]) do
    local page = redis.call('GET', 'user:feed:' .. ARGV[1] .. ':' .. number)
    if page then pages[#pages + 1] = page elseif number == 1 then return false end
end
return '[' .. table.concat(pages, ',') .. ']'"""

KEEP_A_PLACE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], '["building"]', 'EX', ARGV[1])
return 1"""
"""What arrives while a timeline is built is put there, and the place goes by itself if the builder dies."""

PUSH = """
local size, most, seconds = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
for number = 5, #ARGV do
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
    end
end"""

BUILT = """
local known = {}
local first = cjson.decode(ARGV[2])
for _, id in ipairs(first) do known[id] = true end
local arrived = redis.call('GET', KEYS[1])
if arrived then
    local ids = cjson.decode(arrived)
    for at = #ids, 1, -1 do
        if ids[at] ~= 'building' and not known[ids[at]] then table.insert(first, 1, ids[at]) end
    end
end
redis.call('SET', KEYS[1], #first > 0 and cjson.encode(first) or '[]', 'EX', ARGV[1])
for at = 2, #KEYS do
    if ARGV[at + 1] == '[]' then redis.call('DEL', KEYS[at])
    else redis.call('SET', KEYS[at], ARGV[at + 1], 'EX', ARGV[1]) end
end"""


class FeedPages:
    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis
        self._find = redis.client.register_script(FIND)

    async def find(self, user: PersonId) -> list[PostId] | None:
        """All ids; None when there is no first page, or it is being built. Raises StoreUnavailable."""
        async with self._redis.use():
            pages = await self._find(args=[str(user), MOST_PAGES])
        if pages is None:
            return None
        try:  # a thousand ids: as asyncpg's own UUIDs in a tenth of the time
            return list(map(UUID, chain.from_iterable(orjson.loads(pages))))
        except (ValueError, TypeError, AttributeError):
            return None

    async def keep_a_place(self, user: PersonId) -> None:
        async with self._redis.use() as client:
            await client.eval(KEEP_A_PLACE, 1, _names(user)[0], BUILDING_SECONDS)

    async def put(self, user: PersonId, ids: Sequence[PostId]) -> None:
        """The newest first. What arrived since the place was kept stays in front."""
        texts = [str(post_id) for post_id in ids]
        pages = [orjson.dumps(texts[at : at + SIZE]) for at in range(0, SIZE * MOST_PAGES, SIZE)]
        async with self._redis.use() as client:
            await client.eval(BUILT, MOST_PAGES, *_names(user), SECONDS, *pages)

    async def push(self, post_id: PostId, users: Sequence[PersonId]) -> None:
        """In front of the first page of each who has one. Doing it again changes nothing."""
        async with self._redis.use() as client:
            await client.eval(PUSH, 0, SIZE, MOST_PAGES, SECONDS, str(post_id), *map(str, users))

    async def drop(self, users: Sequence[PersonId]) -> None:
        names = [name for user in users for name in _names(user)]
        if names:
            async with self._redis.use() as client:
                await client.unlink(*names)


def _names(user: PersonId) -> list[str]:
    return [f"user:feed:{user}:{page}" for page in range(1, MOST_PAGES + 1)]
