"""The soak: load, troubles, and the router's memory, for minutes.

    python -m benchmarks.soak [--minutes 10] [--connections 16] [--every 3] [--seed 0]

Every answer is compared with the right one: what differs without an error that says so is wrong. The table
has a row for each twentieth of the time. Fails when an answer was wrong or memory grew: the median of the
last quarter against that of the second, by more than a tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from benchmarks.gateways.__main__ import free_port, supergraph_sdl
from benchmarks.gateways.processes import python, running
from benchmarks.soak.clients import (
    MAX_BYTES,
    TEXTS,
    Clients,
    Question,
    connect,
    fixed_questions,
    own_question,
)
from benchmarks.soak.judge import Judge
from benchmarks.soak.troubles import Troubles

CONFIG = """
studio: {enabled: false}
server: {receive_timeout_seconds: 5}
execution: {operation_timeout_seconds: 10}
"""
ROWS = 20
MAX_GROWTH = 1.1


async def soak(options: argparse.Namespace, folder: Path) -> int:
    port, subgraph_port = free_port(), free_port()
    supergraph, config = folder / "supergraph.graphql", folder / "router.yaml"
    supergraph.write_text(supergraph_sdl(subgraph_port), encoding="utf-8")
    config.write_text(CONFIG, encoding="utf-8")
    troubles = Troubles(port, subgraph_port, supergraph, options.seed)
    command = [python("x")[0], "-c", "from plait.cli.main import main; main()", "router"]
    command += ["--supergraph", str(supergraph), "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    try:
        with running(command) as router:
            return await measured(options, port, router.pid, troubles)
    finally:
        troubles.end()


async def measured(options: argparse.Namespace, port: int, pid: int, troubles: Troubles) -> int:
    common, rare = fixed_questions(), [own_question(number) for number in range(TEXTS)]
    judge = Judge(await right_answers(port, common) | {question.case: data for question, data in rare})
    clients = Clients(port, judge, common, [question for question, _ in rare], options.seed)
    megabytes: list[float] = []
    async with going_on(clients, options.connections, troubles, options.every):
        for number in range(1, ROWS + 1):
            await asyncio.sleep(options.minutes * 60 / ROWS)
            megabytes.append(resident_megabytes(pid))
            size = f"{megabytes[-1]:6.1f} MB  {open_files(pid):5} files"
            print(f"{options.minutes * number / ROWS:5.1f} min  {size}  {told(judge.counts)}", flush=True)
    return verdict(judge, clients, troubles, megabytes)


async def right_answers(port: int, questions: list[Question]) -> dict[str, Any]:
    """Asked while all is well."""
    connection = await connect(port)
    answers = {}
    for question in questions:
        answer = json.loads((await connection.request(question.message, MAX_BYTES)).body)
        assert "errors" not in answer, answer["errors"][:1]
        answers[question.case] = answer["data"]
    connection.close()
    return answers


@contextlib.asynccontextmanager
async def going_on(clients: Clients, count: int, troubles: Troubles, every: float) -> AsyncIterator[None]:
    asking = asyncio.create_task(clients.run(count))
    harm = asyncio.create_task(troubles.run(every))
    try:
        yield
    finally:
        harm.cancel()
        clients.stop()
        await asking
        with contextlib.suppress(asyncio.CancelledError):
            await harm


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def verdict(judge: Judge, clients: Clients, troubles: Troubles, megabytes: list[float]) -> int:
    quarter = len(megabytes) // 4
    grown = statistics.median(megabytes[-quarter:]) / statistics.median(megabytes[quarter : 2 * quarter])
    print(f"troubles: {told(troubles.counts)}; codes: {told(judge.codes)}")
    print(f"{clients.disconnected} times the connection was lost; memory grew to {grown:.2f} of before")
    print(*judge.wrong[:10], sep="\n")
    return int(bool(judge.wrong) or grown > MAX_GROWTH)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--every", type=float, default=3.0, help="seconds between two troubles")
    parser.add_argument("--seed", type=int, default=0)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
