"""What an everyday operation costs the whole platform, beside its SQL alone.

    python -m benchmarks.platform [--rounds N] [--operations N] [--before FOLDER] [--floor]

The graph runs in this process as `plait up` does: embedded PostgreSQL with the demo world, subgraphs in
process, the router's ASGI application, uvloop. Per operation three figures of this process's own CPU time
(user and system; the database's processes are others):

    plait     the request given to the ASGI application until the last byte of its answer
    asyncpg   the statements that the operation sent, recorded once and sent again with the same values, one
              bare asyncpg connection per domain, which has prepared them before; BEGIN and COMMIT too
    floor     the leanest handler in Python of the same statements (benchmarks/platform_floor.py)
    ratio     the first by the second

Best of the rounds, which take turns. `--before FOLDER` measures README's first operation beside an earlier
version's (benchmarks/platform_before.py). Exit 1 when a bound is missed: RATIO_BOUND for each operation,
FIRST_MS for the first, BEFORE_BOUND beside the version before.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.platform_before import beside
from benchmarks.platform_driver import asgi_sender, cpu_ms
from benchmarks.platform_floor import FloorApp
from benchmarks.platform_operations import FIRST_IDS, Operation, operations_of_everyday

ROOT = Path(__file__).resolve().parent.parent

RAW = argparse.RawDescriptionHelpFormatter
RATIO_BOUND, FIRST_MS, BEFORE_BOUND = 4.0, 8.0, 1 / 3
Send = Callable[[], Awaitable[bytes]]
Work = Callable[[], Awaitable[Any]]
Sent = list[tuple[int, str, tuple[Any, ...]]]


@dataclass(slots=True)
class Measured:
    operation: Operation
    statements: int = 0
    answer: int = 0
    plait: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return min(self.plait) / min(self.bare)


@dataclass(frozen=True, slots=True)
class Platform:
    app: Any
    databases: Sequence[Any]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    """Of somebody who is logged in."""
    first: Mapping[str, str] = field(default_factory=dict)
    """Ids for the operations' variables."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--operations", type=int, default=100, help="per round")
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version")
    parser.add_argument("--floor", action="store_true", help="measure the leanest handler in Python, too")
    options = parser.parse_args()
    measured = uvloop.run(_measure(options.rounds, options.operations, with_floor=options.floor))
    show(measured)
    missed = list(_missed(measured))
    if options.before is not None:
        now, before = beside(options.before.resolve(), options.rounds, options.operations)
        ratio = f"{now:.2f} CPU ms, before {before:.2f}: ratio {now / before:.2f}"
        print(f"\nREADME's first operation over the same rows: {ratio}")
        if now / before > BEFORE_BOUND:
            missed.append(f"the first operation takes more than {BEFORE_BOUND:.2f} of the version before")
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


async def _measure(rounds: int, operations: int, *, with_floor: bool) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="plait-bench-") as home:
        async with opened(Path(home)) as platform, AsyncExitStack() as stack:
            measured = [Measured(operation) for operation in operations_of_everyday()]
            runs = [await prepare(stack, platform, each) for each in measured]
            for _ in range(rounds):
                for each, (send, replay, floor) in zip(measured, runs, strict=True):
                    each.plait.append(await cpu_ms(send, operations))
                    each.bare.append(await cpu_ms(replay, operations))
                    if with_floor:
                        each.floor.append(await cpu_ms(floor, operations))
            return measured


async def prepare(stack: AsyncExitStack, platform: Platform, each: Measured) -> tuple[Work, Work, Work]:
    """Warm, and record what the operation sends when nothing is new to it: the operation, its statements
    alone, and the leanest handler of them (benchmarks/platform_floor.py).
    """
    import asyncpg

    send = sender(platform, each.operation)
    for _ in range(10):
        answer = json.loads(await send())
        assert "errors" not in answer, (each.operation.name, answer["errors"])
    with recorded(platform.databases) as sent:
        each.answer = len(await send())
    each.statements = len(sent)
    used = {number: platform.databases[number] for number, *_ in sent}
    connections = {number: await asyncpg.connect(**_arguments(used[number])) for number in used}
    for connection in connections.values():
        stack.push_async_callback(connection.close)
    steps = [(connections[number], text, values) for number, text, values in sent]

    async def replay() -> None:
        for connection, text, values in steps:
            await connection.fetch(text, *values)

    floor = sender(replace(platform, app=FloorApp(steps)), each.operation)
    for _ in range(10):
        await replay()
        await floor()
    return send, replay, floor


async def seed_once(settings: Any, stores: Any) -> None:
    """As `plait up` does."""
    from plait.cli import up
    from plait.cli.demo_pictures import PictureStore

    await up._seed_once(settings, stores, PictureStore(None, None))


@asynccontextmanager
async def opened(
    home: Path, fill: Callable[[Any, Any], Awaitable[None]] = seed_once
) -> AsyncIterator[Platform]:
    """As `plait up` opens it, over what `fill` put into its stores."""
    from db.stores import open_stores
    from plait.cli import up
    from plait.cli.settings import Settings
    from plait.cli.together import LeftTogether
    from router.http.server import tune_garbage_collection
    from subgraphs.registry import USES

    settings = Settings.from_environment({"PLAIT_HOME": str(home)})
    async with AsyncExitStack() as stack:
        opening = open_stores(settings.stores, settings.domains, uses=USES)
        stores = await stack.enter_async_context(opening)
        await up._migrate(settings, stores)
        await fill(settings, stores)
        with opened_databases() as databases:
            together = await stack.enter_async_context(LeftTogether())
            subgraphs = [await up._open(together, settings, stores[name], {}) for name in settings.domains]
        app = up._route(settings, subgraphs, "127.0.0.1:0").asgi()
        await stack.enter_async_context(app.router.lifespan_context(app))
        tune_garbage_collection()
        yield await _logged_in(Platform(app, databases))


async def _logged_in(platform: Platform) -> Platform:
    from plait.cli.seed import demo_logins

    found = (await _ask(platform, Operation("ids", FIRST_IDS)))["data"]
    first = {kind.rstrip("s"): page["nodes"][-1]["id"] for kind, page in found.items()}
    login = demo_logins()[0]
    given = f'login(input: {{usernameOrEmail: "{login.username}", password: "{login.password}"}})'
    answer = await _ask(platform, Operation("login", f"mutation {{ {given} {{ login {{ accessToken }} }} }}"))
    token = answer["data"]["login"]["login"]["accessToken"]
    return Platform(
        platform.app, platform.databases, ((b"authorization", f"Bearer {token}".encode()),), first
    )


async def _ask(platform: Platform, operation: Operation) -> Any:
    answer = json.loads(await sender(platform, operation)())
    assert "errors" not in answer, answer["errors"]
    return answer


@contextmanager
def opened_databases() -> Iterator[list[Any]]:
    """The databases that are connected while in the block."""
    import db.clients

    clients: Any = db.clients

    connect, made = clients.connect, []

    def noted(*given: Any) -> Any:
        made.append(connect(*given))
        return made[-1]

    clients.connect = noted
    try:
        yield made
    finally:
        clients.connect = connect


@contextmanager
def recorded(databases: Sequence[Any]) -> Iterator[Sent]:
    """What is sent, in order: the number of the database, the statement, its values."""
    from sqlalchemy import event

    sent: Sent = []
    with ExitStack() as events:
        for number, database in enumerate(databases):
            engine = database.primary.sync_engine

            def cursor(_c: Any, _cursor: Any, text: str, values: Any, *_rest: Any, at: int = number) -> None:
                sent.append((at, text, tuple(values)))

            def fetched(text: str, values: Sequence[Any], at: int = number) -> None:
                sent.append((at, text, tuple(values)))

            def begin(_connection: Any, at: int = number) -> None:
                sent.append((at, "BEGIN", ()))

            def commit(_connection: Any, at: int = number) -> None:
                sent.append((at, "COMMIT", ()))

            for name, listener in (("before_cursor_execute", cursor), ("begin", begin), ("commit", commit)):
                event.listen(engine, name, listener)
                events.callback(event.remove, engine, name, listener)
            database.observers.append(fetched)
            events.callback(database.observers.remove, fetched)
        yield sent


def sender(platform: Platform, operation: Operation) -> Send:
    """Gives the application the operation's request, again and again."""
    asked: dict[str, Any] = {"query": operation.text}
    if operation.variable is not None:
        asked["variables"] = {operation.variable: platform.first[operation.variable]}
    return asgi_sender(
        platform.app, json.dumps(asked).encode(), platform.headers if operation.as_viewer else ()
    )


def _arguments(database: Any) -> dict[str, Any]:
    """How the database is reached, for the driver alone."""
    engine = database.primary.sync_engine
    return dict(engine.dialect.create_connect_args(engine.url)[1]) | {
        "server_settings": {"search_path": engine.url.username.removeprefix("plait_"), "jit": "off"}
    }


def show(measured: Sequence[Measured]) -> None:
    has_floor = any(each.floor for each in measured)
    names = ["operation", "statements", "answer bytes", "plait, CPU ms", "asyncpg, CPU ms", "ratio"]
    names += ["floor, CPU ms", "floor by asyncpg", "plait by floor"] if has_floor else []
    print(f"| {' | '.join(names)} |\n|---|{'---:|' * (len(names) - 1)}")
    for each in measured:
        costs = f"{min(each.plait):.2f} | {min(each.bare):.2f} | {each.ratio:.1f}"
        if has_floor:
            floor = min(each.floor)
            costs += f" | {floor:.2f} | {floor / min(each.bare):.1f} | {min(each.plait) / floor:.1f}"
        print(f"| {each.operation.name} | {each.statements} | {each.answer} | {costs} |")
    print(f"\nmedian ratio {statistics.median(each.ratio for each in measured):.1f}")


def _missed(measured: Sequence[Measured]) -> Iterator[str]:
    for each in measured:
        if each.ratio > RATIO_BOUND:
            yield f"{each.operation.name}: {each.ratio:.1f} × asyncpg, at most {RATIO_BOUND:.0f}"
    if min(measured[0].plait) > FIRST_MS:
        yield f"the first operation takes more than {FIRST_MS:.0f} CPU ms"


if __name__ == "__main__":
    raise SystemExit(main())
