"""The comparison: one run, one table.

    python -m benchmarks.gateways [--apollo FOLDER] [--hive FOLDER] [--hive-router PATH] [--seconds 1.5]
        [--rounds 7] [--connections 8] [--only NAME] [--case NAME] [--stages]

The gateways run side by side and are asked in turns, one at a time, so that a machine whose clock changes
changes it for all of them. The one that is asked has core 0 to itself; the subgraphs and the load share
core 1. CPU is the gateway's own user and system time per operation while the load is steady, the median of
the rounds; a ratio is the median of the ratios in each round. The last line is the subgraph server's own
ceiling, by its CPU time: far above what a gateway asks of it, or the figures mean nothing.
"""

from __future__ import annotations

import argparse
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.gateways.measuring import measure_case, measure_ceiling
from benchmarks.gateways.peers import Peer, peers, staged_peers
from benchmarks.gateways.processes import pinned, python, running
from benchmarks.gateways.shop import CASES, SUBGRAPHS
from benchmarks.gateways.stages import protected_subgraphs
from benchmarks.gateways.tables import print_ratios, print_table
from schema import SubgraphDefinition, compose

REST_CORE = 1


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
            asked = [
                peer
                for peer in measured or list(peers(free_port, supergraph, work, options))
                if options.only in (None, peer.name)
            ]
            samples = [
                sample
                for case in CASES
                if options.case in (None, case.name)
                for sample in measure_case(case, asked, work, options)
            ]
            ceiling = measure_ceiling(port, work, options, subgraphs.pid)
    print_table(samples, ceiling)
    print_ratios(samples)


def staged(subgraph_port: int, supergraph: Path, work: Path, options: argparse.Namespace) -> list[Peer]:
    protected = work / "protected.graphql"
    protected.write_text(supergraph_sdl(subgraph_port, protected_subgraphs()))
    return list(staged_peers(free_port, supergraph, protected, work, options.hive_router))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="the router beside its peers")
    parser.add_argument(
        "--apollo", type=Path, help="a folder with @apollo/gateway, @apollo/server and graphql from npm"
    )
    parser.add_argument("--hive", type=Path, help="a folder with @graphql-hive/gateway from npm")
    parser.add_argument("--hive-router", type=Path, help="the hive_router program, built from its crate")
    parser.add_argument("--rounds", type=int, default=7, help="how often each gateway has its turn")
    parser.add_argument("--seconds", type=float, default=1.5, help="how long a turn is measured")
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


if __name__ == "__main__":
    main()
