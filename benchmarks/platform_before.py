"""README's first operation in two versions of the project, by turns, over the same rows.

    now, before = beside(FOLDER, rounds, operations)       CPU ms per operation

Each version runs in processes of its own, with the libraries of its own `.venv` where there is one. The demo
worlds of two versions differ, and so does what the operation has to fetch and write: both are emptied after
seeding and given the same three events, with the same hosts, artists, albums, tracks and posts (ROWS, columns
that every version has). The answers must then be the same, or nothing is compared.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import importlib.util
import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    sys.path[0] = sys.argv[1]  # the version's packages, and not this folder's modules

ROWS: Mapping[str, tuple[str, ...]] = {
    "users": (
        "TRUNCATE users.users CASCADE",
        """INSERT INTO users.users (id, username, email, password_hash, first_name, last_name)
            SELECT md5('u' || g)::uuid, 'person' || g, g || '@x.example', 'x', 'Ada', 'Number ' || g
            FROM generate_series(1, 9) g""",
    ),
    "posts": (
        "TRUNCATE posts.posts CASCADE",
        """INSERT INTO posts.posts (id, author_id, content, type, event_id, created_at)
            SELECT md5('p' || g)::uuid, md5('u' || 3 + g)::uuid, repeat('Word and word. ', 6), 'EVENT',
                md5('e' || 1 + g % 3)::uuid, now() - g * interval '1 h' FROM generate_series(1, 6) g""",
    ),
    "catalog": (
        "TRUNCATE catalog.artists CASCADE",
        """INSERT INTO catalog.artists (id, name)
            SELECT md5('a' || g)::uuid, 'Band ' || g FROM generate_series(1, 3) g""",
        """INSERT INTO catalog.artist_managers (artist_id, user_id)
            SELECT md5('a' || g)::uuid, md5('u' || g)::uuid FROM generate_series(1, 3) g""",
        """INSERT INTO catalog.albums (id, artist_id, title, release_date, cover_url)
            SELECT md5('l' || g)::uuid, md5('a' || g)::uuid, 'Album ' || g, '2026-01-01', 'https://x.example/x'
            FROM generate_series(1, 3) g""",
        """INSERT INTO catalog.tracks (album_id, title, duration_sec, track_number, file_key)
            SELECT md5('l' || g)::uuid, 'A track of it, ' || n, 200 + n, n, g || '/' || n
            FROM generate_series(1, 3) g, generate_series(1, 8) n""",
    ),
    "events": (
        "TRUNCATE events.events CASCADE",
        """INSERT INTO events.events (id, host_id, title, status, starts_at, ends_at PUBLISHED_COLUMN)
            SELECT md5('e' || g)::uuid, md5('u' || g)::uuid, 'Event ' || g, 'PUBLISHED',
                '2090-01-01'::timestamptz + g * interval '1 day',
                '2090-01-02'::timestamptz + g * interval '1 day' PUBLISHED_VALUE
            FROM generate_series(1, 3) g""",
    ),
}


class DifferentAnswers(RuntimeError):
    """The versions do not answer the same over the same rows: their costs say nothing about each other."""


def beside(before: Path, rounds: int, operations: int) -> tuple[float, float]:
    """Raises DifferentAnswers."""
    best = {ROOT: float("inf"), before: float("inf")}
    answers: dict[Path, str] = {}
    for _ in range(3):
        for root in best:
            command = [_python_of(root), str(Path(__file__)), str(root), str(rounds), str(operations)]
            said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout
            *_, answer, cost = said.split()
            best[root], answers[root] = min(best[root], float(cost)), answer
    if len(set(answers.values())) > 1:
        raise DifferentAnswers(f"the answers differ: {answers}")
    return best[ROOT], best[before]


def _python_of(root: Path) -> str:
    own = root / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


async def _first_alone(root: Path, rounds: int, operations: int) -> tuple[str, float]:
    package = "plait.cli" if (root / "plait" / "cli").exists() else "plait"
    up, settings, first_operation = (
        importlib.import_module(f"{package}.{name}") for name in ("up", "settings", "first_operation")
    )
    driver = _driver()
    given = settings.Settings.from_environment()
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(_open_stores(given))
        await up._migrate(stores)
        for domain in ROWS:
            await _fill(stores[domain].admin_url, ROWS[domain])
        subgraphs = [await up._open(stack, given, stores[name]) for name in given.domains]
        app: Any = up._route(given, subgraphs).asgi()
        await stack.enter_async_context(app.router.lifespan_context(app))
        _tune()
        send = driver.asgi_sender(app, json.dumps({"query": first_operation.FIRST_OPERATION}).encode())
        await driver.cpu_ms(send, 20)
        answer = json.loads(await send())
        assert "errors" not in answer, answer
        best = min([await driver.cpu_ms(send, operations) for _ in range(rounds)])
        return hashlib.sha256(json.dumps(answer["data"]).encode()).hexdigest()[:16], best


def _driver() -> Any:
    """From this checkout, whichever version is measured."""
    found = importlib.util.spec_from_file_location("driver", Path(__file__).with_name("platform_driver.py"))
    assert found is not None
    assert found.loader is not None
    driver = importlib.util.module_from_spec(found)
    found.loader.exec_module(driver)
    return driver


def _tune() -> None:
    """What `plait up` does about garbage, if it does."""
    server = importlib.import_module("router.http.server")
    getattr(server, "tune_garbage_collection", lambda: None)()


def _open_stores(given: Any) -> Any:
    """An earlier version had PostgreSQL alone."""
    from db.stores import open_stores

    if "uses" not in inspect.signature(open_stores).parameters:
        return open_stores(given.stores, given.domains)
    from subgraphs.registry import USES

    return open_stores(given.stores, given.domains, uses=USES)


async def _fill(url: str, statements: tuple[str, ...]) -> None:
    """`events.published_at` is filled where there is one."""
    import asyncpg

    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    try:
        columns = "SELECT true FROM information_schema.columns WHERE column_name = 'published_at'"
        has_published = await connection.fetchval(columns)
        for statement in statements:
            named = statement.replace("PUBLISHED_COLUMN", ", published_at" if has_published else "")
            await connection.execute(named.replace("PUBLISHED_VALUE", ", now()" if has_published else ""))
    finally:
        await connection.close()


def main() -> None:
    root, rounds, operations = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    import uvloop

    runs_on_uvloop = (root / "db" / "statements.py").exists()
    with tempfile.TemporaryDirectory(prefix="plait-bench-") as home:
        os.environ["PLAIT_HOME"] = home
        answer, cost = (uvloop.run if runs_on_uvloop else asyncio.run)(_first_alone(root, rounds, operations))
    print(answer, cost)


if __name__ == "__main__":
    main()
