"""What the home timeline costs the whole platform, beside its SQL alone.

    python -m benchmarks.timeline [--size large] [--rounds N] [--operations N]

20 posts with author, media, counts and two comments each: README's second example, asked by somebody who is
logged in, over the demo world, where every second post shows a picture. `--size large` has 100,000 users,
1,000,000 follows, 300,000 posts, 200,000 comments and 1,000,000 likes; filling it takes minutes. How it is
measured: benchmarks/platform.py. What the domains tell each other by message in `plait up` is put there by
SQL: the copies of posts and follows, and who blocks whom. So are the rows of the pictures.

What the operation reads is in two stores, so beside its statements over bare asyncpg there are its commands
over a bare connection of redis.asyncio, recorded and sent again likewise, one after the other.

Exit 1 when the graph takes more than RATIO_BOUND of what the same reads take over both drivers.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.platform import RATIO_BOUND, Measured, Work, opened, prepare, show
from benchmarks.platform_driver import cpu_ms
from benchmarks.platform_operations import Operation

Commands = list[tuple[Any, tuple[Any, ...]]]
"""The client that sent it, and what it sent."""
README = Path(__file__).resolve().parent.parent / "README.md"
PICTURED = "type = 'TEXT' AND get_byte(uuid_send(id), 15) % 2 = 0"
RENDITIONS = """(SELECT jsonb_agg(jsonb_build_object('variant', variant, 'content_type', 'image/' || form,
    'bucket', 'post-images', 'path', author_id || '/posts/' || lower(variant) || '/' || id || '.' || form,
    'size', 1, 'width', 1600, 'height', 1200))
    FROM unnest(ARRAY['ORIGINAL', 'MEDIUM', 'THUMBNAIL']) variant, unnest(ARRAY['jpeg', 'webp']) form)"""
COPIES = (
    "INSERT INTO feed.follows SELECT follower_id, followed_id FROM users.follows",
    """INSERT INTO feed.known_posts (id, author_id, created_at) SELECT id, author_id, created_at
        FROM posts.posts WHERE visibility IN ('PUBLIC', 'FOLLOWERS')""",
    "INSERT INTO posts.follows SELECT follower_id, followed_id FROM users.follows",
    "INSERT INTO posts.blocks SELECT blocker_id, blocked_id FROM users.blocks",
    "INSERT INTO interactions.blocks SELECT blocker_id, blocked_id FROM users.blocks",
    "INSERT INTO posts.private_accounts SELECT user_id FROM users.user_privacy WHERE is_private",
    "INSERT INTO posts.names SELECT id, username FROM users.users",
    "INSERT INTO posts.languages SELECT user_id, language FROM users.user_settings",
    "SET session_replication_role = replica",
    f"""INSERT INTO media.media (id, user_id, filename, content_type, size, bucket, path, purpose, kind,
            status, renditions, expires_at, alt_text, blurhash, width, height)
        SELECT id, author_id, 'x.jpg', 'image/jpeg', 1, 'post-images', author_id || '/posts/' || id || '.jpg',
            'POST', 'IMAGE', 'READY', {RENDITIONS}, created_at, 'A picture', 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
            1600, 1200
        FROM posts.posts WHERE {PICTURED}""",
    f"UPDATE posts.posts SET media_id = id, media_ids = ARRAY[id], type = 'IMAGES' WHERE {PICTURED}",
    "SET session_replication_role = origin",
    "VACUUM ANALYZE",
)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=("small", "large"), default="small")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--operations", type=int, default=100, help="per round")
    options = parser.parse_args()
    measured, redis = uvloop.run(_measure(options.size, options.rounds, options.operations))
    show([measured])
    drivers = min(measured.bare) + min(redis)
    ratio = min(measured.plait) / drivers
    print(f"redis {min(redis):.2f} CPU ms, both drivers {drivers:.2f} CPU ms: ratio {ratio:.1f}")
    if ratio > RATIO_BOUND:
        print(f"missed: {ratio:.1f} × both drivers, at most {RATIO_BOUND:.0f}")
        return 1
    return 0


async def _measure(size: str, rounds: int, operations: int) -> tuple[Measured, list[float]]:
    """The operation and its statements, and CPU ms of its commands."""
    measured, redis = Measured(timeline_operation()), list[float]()
    with tempfile.TemporaryDirectory(prefix="plait-bench-") as home:
        async with opened(Path(home), partial(fill, size)) as platform, AsyncExitStack() as stack:
            send, replay, floor = await prepare(stack, platform, measured)
            with recorded_commands() as sent:
                await send()
            command = await _replayed(stack, sent)
            for _ in range(rounds):
                measured.plait.append(await cpu_ms(send, operations))
                measured.bare.append(await cpu_ms(replay, operations))
                redis.append(await cpu_ms(command, operations))
                measured.floor.append(await cpu_ms(floor, operations))
    return measured, redis


@contextmanager
def recorded_commands() -> Iterator[Commands]:
    """What is sent to Redis, in order, but for pipelines."""
    from redis.asyncio import Redis

    clients: Any = Redis
    execute, sent = clients.execute_command, Commands()

    def noted(client: Any, *arguments: Any, **options: Any) -> Any:
        sent.append((client, arguments))
        return execute(client, *arguments, **options)

    clients.execute_command = noted
    try:
        yield sent
    finally:
        clients.execute_command = execute


async def _replayed(stack: AsyncExitStack, sent: Commands) -> Work:
    """A connection for each client, with neither its pool nor its retries."""
    connections = {client: client.connection_pool.make_connection() for client, _ in sent}
    for connection in connections.values():
        await connection.connect()
        stack.push_async_callback(connection.disconnect)
    steps = [(connections[client], arguments) for client, arguments in sent]

    async def replay() -> None:
        for connection, arguments in steps:
            await connection.send_command(*arguments)
            await connection.read_response()

    for _ in range(10):
        await replay()
    return replay


def timeline_operation() -> Operation:
    return Operation("home timeline", _timeline(), as_viewer=True)


async def fill(size: str, _settings: Any, stores: Any) -> None:
    import asyncpg

    from db.urls import parse_url
    from plait.cli.seed import seed

    await seed(stores, size)
    url = parse_url(stores["feed"].admin_url).set(drivername="postgresql")
    connection = await asyncpg.connect(url.render_as_string(hide_password=False))
    try:
        for statement in COPIES:
            await connection.execute(statement, timeout=600)
    finally:
        await connection.close()


def _timeline() -> str:
    (found,) = re.findall(
        r"```graphql\n(query Timeline.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    return str(found)


if __name__ == "__main__":
    raise SystemExit(main())
