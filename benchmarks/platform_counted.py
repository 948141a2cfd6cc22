"""What an everyday operation of the whole platform makes Python do, layer by layer.

    python -m benchmarks.platform_counted [NAME…] [--home FOLDER] [--functions N]
    python -m benchmarks.platform_counted --timeline [--functions N]

Calls of Python functions and instructions of theirs, for one request after warm ones: the same numbers in
every run on one version of Python, so that a step is seen on a busy machine too. What C does (asyncpg,
uvloop, orjson) is not in them. NAME is the beginning of an operation's name; `--home` keeps the stores for
the next run; `--functions` lists those with the most instructions.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.counting import counting
from benchmarks.platform import RAW, ROOT, Send, opened, seed_once, sender
from benchmarks.platform_operations import Operation, operations_of_everyday
from benchmarks.timeline import fill, timeline_operation

WARM = 15
LAYERS = (
    ("router/", "router"),
    ("subgraphs/kit/execution/", "execution, level by level"),
    ("subgraphs/kit/loading.py", "loaders"),
    ("generated/", "router: generated"),
    ("subgraphs/kit/", "kit"),
    ("db/", "db"),
    ("/repository/", "domain: repository"),
    ("/service/", "domain: service"),
    ("/types/", "domain: types"),
    ("subgraphs/", "domain: the rest"),
    ("asyncpg", "asyncpg"),
    ("graphql/", "graphql-core"),
    ("strawberry/", "Strawberry"),
    ("sqlalchemy/", "SQLAlchemy"),
    ("redis/", "redis-py"),
    ("<string>", "generated: dataclasses, attributes, leaves"),
    ("starlette/", "Starlette"),
)
Counts = tuple[Counter[str], Counter[str]]
World = tuple[Sequence[Operation], Callable[[Any, Any], Awaitable[None]]]
"""What is asked, and what fills its stores."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--functions", type=int, default=0)
    parser.add_argument("--timeline", action="store_true", help="README's second example, over its own world")
    options = parser.parse_args()
    world: World = (operations_of_everyday(), seed_once)
    if options.timeline:
        world = (timeline_operation(),), partial(fill, "small")
    uvloop.run(_show(world, options.names, options.home, options.functions))
    return 0


async def _show(world: World, names: Sequence[str], home: Path | None, functions: int) -> None:
    operations, filled = world
    folder: Any = tempfile.TemporaryDirectory(prefix="plait-bench-") if home is None else nullcontext(home)
    with folder as at:
        async with opened(Path(at), filled) as platform:
            for operation in operations:
                if not names or operation.name.startswith(tuple(names)):
                    _told(operation.name, await counted(sender(platform, operation)), functions)


async def counted(send: Send) -> Counts:
    """Calls and instructions by function."""
    for _ in range(WARM):
        answer = await send()
    assert b'"errors":[{' not in answer.replace(b'"errors":[]', b""), answer[:400]
    task = asyncio.ensure_future(send())
    with counting() as counts:
        await task
    return counts


def _told(name: str, counts: Counts, functions: int) -> None:
    calls, instructions = counts
    print(f"\n{name}: {calls.total()} calls, {instructions.total()} instructions")
    by_layer, calls_of = Counter[str](), Counter[str]()
    for function, count in instructions.items():
        by_layer[layer_of(function)] += count
        calls_of[layer_of(function)] += calls[function]
    for layer, count in by_layer.most_common():
        print(f"    {count:7} in {calls_of[layer]:6} calls: {layer}")
    for function, count in instructions.most_common(functions):
        print(f"        {count:6} in {calls[function]:5} calls of {function[-90:]}")


def layer_of(function: str) -> str:
    inside = function.rpartition("site-packages/")[2].removeprefix(str(ROOT))
    return next((layer for part, layer in LAYERS if part in inside), "Python's library")


if __name__ == "__main__":
    sys.exit(main())
