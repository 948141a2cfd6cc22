"""The comparison: one run, one table.

    python -m benchmarks.gateways [--apollo FOLDER] [--hive FOLDER] [--hive-router PATH] [--seconds 10]
        [--connections 8] [--only NAME] [--case NAME] [--stages]

The gateway has core 0 to itself; the subgraphs and the load share core 1. CPU is the gateway's own user and
system time per operation while the load is steady. The last line is the subgraph server's own
ceiling, by its CPU time: far above what a gateway asks of it, or the figures mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gateways.peers import Peer, peers, staged_peers
from benchmarks.gateways.processes import Usage, pinned, python, running, usage, wait_until_it_answers
from benchmarks.gateways.shop import CASES, SUBGRAPHS, Case
from benchmarks.gateways.stages import protected_subgraphs
from schema import SubgraphDefinition, compose

GATEWAY_CORE, REST_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Row:
    gateway: str
    case: str
    bytes: int
    per_second: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    megabytes: float


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with running(pinned(REST_CORE, python("benchmarks.gateways.subgraphs", "0"))) as subgraphs:
            assert subgraphs.stdout is not None
            port = int(subgraphs.stdout.readline())
            supergraph = work / "supergraph.graphql"
            supergraph.write_text(supergraph_sdl(port))
            measured = staged(port, supergraph, work, options) if options.stages else None
            rows = [
                row
                for peer in measured or peers(free_port(), supergraph, work, options)
                for row in measure_peer(peer, work, options)
            ]
            ceiling = measure_ceiling(port, work, options, subgraphs.pid)
    print_table(rows, ceiling)
    if options.stages:
        print_ratios(rows)


def staged(subgraph_port: int, supergraph: Path, work: Path, options: argparse.Namespace) -> Iterator[Peer]:
    protected = work / "protected.graphql"
    protected.write_text(supergraph_sdl(subgraph_port, protected_subgraphs()))
    return staged_peers(free_port(), free_port(), supergraph, protected, work, options.hive_router)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="the router beside its peers")
    parser.add_argument(
        "--apollo", type=Path, help="a folder with @apollo/gateway, @apollo/server and graphql from npm"
    )
    parser.add_argument("--hive", type=Path, help="a folder with @graphql-hive/gateway from npm")
    parser.add_argument("--hive-router", type=Path, help="the hive_router program, built from its crate")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each case is measured")
    parser.add_argument("--connections", type=int, default=8, help="clients at a time")
    parser.add_argument("--only", help="measure only the gateway of this name")
    parser.add_argument(
        "--stages", action="store_true", help="ours and Hive Router, each bare and with all stages on"
    )
    parser.add_argument("--case", help="measure only the case of this name")
    return parser.parse_args()


def supergraph_sdl(port: int, subgraphs: Mapping[str, str] = SUBGRAPHS) -> str:
    definitions = [
        SubgraphDefinition(name=name, url=f"http://127.0.0.1:{port}/{name}", sdl=sdl)
        for name, sdl in subgraphs.items()
    ]
    return compose(definitions).supergraph_sdl


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def measure_peer(peer: Peer, work: Path, options: argparse.Namespace) -> list[Row]:
    if options.only and options.only != peer.name:
        return []
    rows = []
    for case in CASES:
        if options.case and options.case != case.name:
            continue
        with running(pinned(GATEWAY_CORE, peer.command), peer.environment, peer.cwd) as gateway:
            wait_until_it_answers(f"http://127.0.0.1:{peer.port}/", gateway)
            connections = case.connections or options.connections
            seconds = options.seconds
            result, cost = run_load(
                peer.port, peer.path, case, connections, work, seconds, gateway.pid, peer=peer
            )
        rows.append(row(peer.name, case.name, result, cost))
        print(f"  {peer.name}: {case.name} done", flush=True)
    return rows


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
    gateway: int | None,
    core: int = REST_CORE,
    peer: Peer | None = None,
) -> tuple[dict[str, float], Usage]:
    body = work / "body.json"
    asked = {"documentId": case.name} if peer is not None and peer.by_id else {"query": case.query}
    body.write_text(json.dumps({**asked, "variables": case.variables}))
    headers = json.dumps(dict(peer.headers) if peer is not None else {})
    options = (str(port), path, str(connections), str(seconds), str(body), "3", headers)
    load = python("benchmarks.gateways.load", *options)
    with running(pinned(core, load)) as process:
        assert process.stdout is not None
        before = after = Usage(0, 0)
        for line in process.stdout:
            if line.startswith("measuring"):
                before = usage(gateway) if gateway else before
            elif line.startswith("measured"):
                after = usage(gateway) if gateway else after
            else:
                return json.loads(line), Usage(after.cpu_seconds - before.cpu_seconds, after.peak_megabytes)
    raise SystemExit(f"the load of {case.name} ended without a result: an answer was wrong")


def row(gateway: str, case: str, result: dict[str, float], cost: Usage) -> Row:
    operations = result["operations"]
    return Row(
        gateway,
        case,
        int(result["bytes"]),
        operations / result["seconds"],
        cost.cpu_seconds / operations * 1e3,
        result["p50_ms"],
        result["p99_ms"],
        cost.peak_megabytes,
    )


def print_table(rows: list[Row], ceiling: float) -> None:
    version = f"{platform.python_implementation()} {platform.python_version()}"
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\n{version}, {platform.machine()}, one core for the gateway, load averages {load}\n")
    print("| gateway | case | answer bytes | operations/s | CPU ms/operation | p50 ms | p99 ms | peak MB |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for each in sorted(rows, key=lambda r: [case.name for case in CASES].index(r.case)):
        speed = f"{each.per_second:.0f} | {each.cpu_ms:.3f} | {each.p50_ms:.1f} | {each.p99_ms:.1f}"
        print(f"| {each.gateway} | {each.case} | {each.bytes} | {speed} | {each.megabytes:.0f} |")
    print(f"\nThe subgraph server answers {ceiling:.0f} requests in a second of CPU time.")


def print_ratios(rows: list[Row]) -> None:
    """What the stages cost each, and ours beside the peer's with them on."""
    cost = {(row.gateway, row.case): row.cpu_ms for row in rows}
    print()
    for case in CASES:
        for one, other in (
            ("plait, stages on", "plait"),
            ("hive-router, stages on", "hive-router"),
            ("plait, stages on", "hive-router, stages on"),
        ):
            if (one, case.name) in cost and (other, case.name) in cost:
                ratio = cost[one, case.name] / cost[other, case.name]
                print(f"{case.name}: {one} / {other}: {ratio:.2f}")


if __name__ == "__main__":
    main()
