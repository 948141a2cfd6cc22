"""What is counted of posts, in Redis under seed 000's keys. The store is right; these are the same numbers,
where they are read often.

    post:likes:{post_id}      42
    post:comments:{post_id}   7
    post:revision:{post_id}   of the state that the two are from

One script sets all three unless what is there is newer, so it does not matter who comes first: a writer after
its commit, a reader that read before it, another process. Another reads them for many posts and answers one
text, because the client takes an answer of many values apart one by one, in Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from db.errors import StoreUnavailable
from db.redis import RedisStore
from subgraphs.interactions.values import Counts, PostId

SECONDS = 3600
FOUND = msgspec.json.Decoder(list[Counts | None])
SET_UNLESS_NEWER = """
for i = 1, #KEYS, 3 do
    local known = redis.call('GET', KEYS[i + 2])
    if not known or tonumber(known) <= tonumber(ARGV[i + 2]) then
        for at = i, i + 2 do redis.call('SET', KEYS[at], ARGV[at], 'EX', ARGV[#ARGV]) end
    end
end"""

FIND = """
local found = {}
local function number(text)
    return text and (text == '0' or string.match(text, '^[1-9]%d*$'))
end
for id in string.gmatch(ARGV[1], '%S+') do
    local known = redis.call('MGET', 'post:likes:' .. id, 'post:comments:' .. id, 'post:revision:' .. id)
    local whole = number(known[1]) and number(known[2]) and number(known[3])
    found[#found + 1] = whole and '[' .. table.concat(known, ',') .. ']' or 'null'
end
return '[' .. table.concat(found, ',') .. ']'"""
"""For each post its three numbers; null unless all of them are there, and numbers."""


class Counters:
    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis
        self._find = redis.client.register_script(FIND)

    async def find(self, posts: Sequence[PostId]) -> Mapping[PostId, Counts]:
        """Those that are there; nothing while Redis is away. O(posts), with one answer of one text."""
        try:
            async with self._redis.use():
                told = await self._find(args=[" ".join(map(str, posts))])
        except StoreUnavailable:
            return {}
        found = FOUND.decode(told)
        return {post_id: counts for post_id, counts in zip(posts, found, strict=True) if counts is not None}

    async def put(self, counts: Mapping[PostId, Counts]) -> None:
        """Raises StoreUnavailable."""
        names = [name for post_id in counts for name in _names(post_id)]
        values = [value for each in counts.values() for value in (each.likes, each.comments, each.revision)]
        async with self._redis.use() as client:
            await client.eval(SET_UNLESS_NEWER, len(names), *names, *values, SECONDS)

    async def try_to_put(self, counts: Mapping[PostId, Counts]) -> None:
        """For a write that is done: with Redis away, who hears the message of it puts them there."""
        try:
            await self.put(counts)
        except StoreUnavailable:
            return


def _names(post_id: PostId) -> tuple[str, str, str]:
    return f"post:likes:{post_id}", f"post:comments:{post_id}", f"post:revision:{post_id}"
