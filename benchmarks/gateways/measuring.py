"""Gateways asked for one case in turns, and what each turn cost."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gateways.peers import Peer
from benchmarks.gateways.processes import Usage, pinned, python, running, usage, wait_until_it_answers
from benchmarks.gateways.shop import Case

GATEWAY_CORE, REST_CORE = 0, 1
FIRST_WARM_UP, WARM_UP = 3.0, 0.3
"""Seconds before a turn is measured: the first prepares and fills caches, the others only settle."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One turn of one gateway."""

    gateway: str
    case: str
    bytes: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    megabytes: float


def measure_case(
    case: Case, gateways: list[Peer], work: Path, options: argparse.Namespace
) -> Iterator[Sample]:
    """All of them are running; each turn begins with the next, so that none always follows the same."""
    with ExitStack() as ended:
        running_now = []
        for peer in gateways:
            process = ended.enter_context(
                running(pinned(GATEWAY_CORE, peer.command), peer.environment, peer.cwd)
            )
            wait_until_it_answers(f"http://127.0.0.1:{peer.port}/", process)
            running_now.append((peer, process.pid))
        for turn in range(options.rounds):
            first = turn % max(len(running_now), 1)
            for peer, pid in running_now[first:] + running_now[:first]:
                yield _turn(case, peer, pid, work, options, WARM_UP if turn else FIRST_WARM_UP)
            print(f"  {case.name}: round {turn + 1} of {options.rounds}", flush=True)


def _turn(
    case: Case, peer: Peer, pid: int, work: Path, options: argparse.Namespace, warm_up: float
) -> Sample:
    connections = case.connections or options.connections
    result, cost = run_load(
        peer.port, peer.path, case, connections, work, options.seconds, pid, peer=peer, warm_up=warm_up
    )
    operations = result["operations"]
    return Sample(
        gateway=peer.name,
        case=case.name,
        bytes=int(result["bytes"]),
        per_second=operations / result["seconds"],
        cpu_ms=cost.cpu_seconds / operations * 1e3,
        p50_ms=result["p50_ms"],
        p99_ms=result["p99_ms"],
        megabytes=cost.peak_megabytes,
    )


def measure_ceiling(port: int, work: Path, options: argparse.Namespace, server: int) -> float:
    """How many requests the subgraph server answers in a second of its CPU time.

    Wall time would measure the load beside it. The best of three: what else runs only takes away.
    """
    case = Case("ceiling", "{ me { id name } }", {}, "")
    seconds = min(options.seconds, 3.0)
    runs = [
        run_load(port, "/accounts", case, options.connections, work, seconds, server, GATEWAY_CORE)
        for _ in range(3)
    ]
    return max(result["operations"] / cost.cpu_seconds for result, cost in runs)


def run_load(
    port: int,
    path: str,
    case: Case,
    connections: int,
    work: Path,
    seconds: float,
    server: int,
    core: int = REST_CORE,
    peer: Peer | None = None,
    warm_up: float = FIRST_WARM_UP,
) -> tuple[dict[str, float], Usage]:
    """`server` is the process whose CPU time counts, `core` the load's own."""
    body = work / "body.json"
    asked = {"documentId": case.name} if peer is not None and peer.by_id else {"query": case.query}
    body.write_text(json.dumps({**asked, "variables": case.variables}))
    headers = json.dumps(dict(peer.headers) if peer is not None else {})
    options = (str(port), path, str(connections), str(seconds), str(body), str(warm_up), headers)
    load = python("benchmarks.gateways.load", *options)
    with running(pinned(core, load)) as process:
        assert process.stdout is not None
        before = after = Usage(0, 0)
        for line in process.stdout:
            if line.startswith("measuring"):
                before = usage(server)
            elif line.startswith("measured"):
                after = usage(server)
            else:
                return json.loads(line), Usage(after.cpu_seconds - before.cpu_seconds, after.peak_megabytes)
    raise SystemExit(f"the load of {case.name} ended without a result: an answer was wrong")
