"""`python -m tests.support.execution_cost [--before FOLDER]`: CPU time of executing the gateways' cases.

No sockets and no HTTP: subgraphs answer bytes that they gave before, so what is measured is gathering,
decoding, merging and encoding. `--before` measures another checkout of the project in turns with this one;
figures of one run compare with each other. A worker prints cases with their microseconds, its best.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROUNDS, SECONDS, COUNT = 5, 0.3, 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="a checkout of an earlier version")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each checkout, in turns")
    parser.add_argument("--case", help="only the case of this name")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        asyncio.run(_work(options.case))
        return 0
    trees = {"now": HERE.parents[2]} | ({"before": options.before.resolve()} if options.before else {})
    best: dict[str, dict[str, float]] = {name: {} for name in trees}
    for _ in range(options.rounds):
        for name, tree in trees.items():
            for case, cost in _measure(tree, options.case).items():
                best[name][case] = min(cost, best[name].get(case, cost))
    for case, now in best["now"].items():
        before = best.get("before", {}).get(case)
        beside = f"  before {before:8.1f}  ratio {now / before:.3f}" if before else ""
        print(f"{case:10} {now:8.1f} us{beside}")
    return 0


def _measure(tree: Path, case: str | None) -> dict[str, float]:
    chosen = ("--case", case) if case else ()
    command = (sys.executable, str(HERE), "--worker", *chosen)
    environment = os.environ | {"PYTHONPATH": str(tree)}
    told = subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True, text=True)
    return {line.split()[0]: float(line.split()[1]) for line in told.stdout.splitlines()}


class _Remembered:
    """A subgraph that answers what it answered before; bytes, as over HTTP."""

    def __init__(self, name: str, answer: Any) -> None:
        self._path, self._answer = f"/{name}".encode(), answer
        self._known: dict[bytes, Any] = {}

    async def start(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    async def send(self, request: Any) -> Any:
        from router.transport.base import SubgraphResponse

        response = self._known.get(request.body)
        if response is None:
            message = self._answer(self._path, request.body)
            response = SubgraphResponse(body=message.partition(b"\r\n\r\n")[2])
            self._known[request.body] = response
        await asyncio.sleep(0)
        return response


async def _work(only: str | None) -> None:
    from benchmarks.gateways.shop import CASES, SUBGRAPHS
    from benchmarks.gateways.subgraphs import Subgraphs
    from router.executor.execution import Service
    from schema import SubgraphDefinition, compose

    sdl = compose([SubgraphDefinition(name=n, url=f"http://x/{n}", sdl=s) for n, s in SUBGRAPHS.items()])
    shop = Subgraphs()
    services = {name: Service(name, _Remembered(name, shop.answer), 60) for name in SUBGRAPHS}
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    for case in CASES:
        if case.name != "fifty" and only in (None, case.name):
            print(case.name, f"{await _cost(sdl.supergraph_sdl, case, services):.2f}", flush=True)


async def _cost(sdl: str, case: Any, services: dict[str, Any]) -> float:
    """Microseconds of CPU per operation."""
    from router.executor.execute import Limits, execute
    from router.executor.execution import Variables

    executable = _executable(sdl, case.query)
    variables = Variables(case.variables, case.variables)
    loop = asyncio.get_running_loop()

    async def run() -> None:
        limits = Limits(loop.time() + 60, 100, 10**9, 10**9)
        await execute(executable, services, variables, lambda _: (), limits)

    await run()  # What subgraphs answer is remembered from here on.
    best, until = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        began = time.process_time()
        for _ in range(COUNT):
            await run()
        best = min(best, (time.process_time() - began) / COUNT)
    return best * 1e6


def _executable(sdl: str, query: str) -> Any:
    from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

    from router.executor.operation import ExecutableOperation
    from router.executor.possible_types import possible_types
    from router.planner import QueryPlanner
    from schema import api_schema
    from schema.api_schema import read_supergraph_schema

    document = parse(query)
    (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    possible = possible_types(read_supergraph_schema(sdl))
    return ExecutableOperation(
        api_schema(sdl), possible, QueryPlanner(sdl).plan(document), operation, fragments
    )


if __name__ == "__main__":
    sys.exit(main())
