"""The gateways measured: ours in two configurations, and those of others where they are installed.

Others are never a dependency of the project. Apollo Gateway runs from a folder given on the command line
in which `npm install @apollo/gateway @apollo/server graphql` was run, Hive Gateway from one with
`@graphql-hive/gateway`, Hive Router is a program built from its crate (`cargo install hive-router`); what is
not given is left out, saying so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.gateways.processes import python
from benchmarks.gateways.stages import Prepared

OWN_CONFIG = """
subgraphs: {{defaults: {{deduplicate: {deduplicate}}}}}
execution: {{deduplicate_operations: {{enabled: {deduplicate}}}}}
studio: {{enabled: false}}
"""

APOLLO = """
const fs = require("fs");
const { ApolloServer } = require("@apollo/server");
const { startStandaloneServer } = require("@apollo/server/standalone");
const { ApolloGateway } = require("@apollo/gateway");
const [port, supergraphFile] = process.argv.slice(2);
const gateway = new ApolloGateway({ supergraphSdl: fs.readFileSync(supergraphFile, "utf8") });
const server = new ApolloServer({ gateway });
startStandaloneServer(server, { listen: { port: Number(port), host: "127.0.0.1" } });
"""
"""The gateway as its documentation starts it: behind Apollo Server."""


HIVE = """
export const gatewayConfig = {
  logging: false,
  transportEntries: { "*.http": { options: { deduplicateInflightRequests: false } } },
};
"""


HIVE_ROUTER = """
supergraph: {{source: file, path: {supergraph}}}
http: {{host: 127.0.0.1, port: {port}, workers: 1}}
traffic_shaping: {{all: {{dedupe_enabled: {deduplicate}}}, router: {{dedupe: {{enabled: {deduplicate}}}}}}}
laboratory: {{enabled: false}}
log: {{level: error}}
"""
"""Metrics and traces are off unless an exporter is configured."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`command` is run with the core left to the caller; `path` is where it serves GraphQL."""

    name: str
    port: int
    command: list[str]
    path: str = "/graphql"
    cwd: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of each request."""
    by_id: bool = False
    """Whether operations are asked for by the names of their cases."""


def own(name: str, port: int, supergraph: Path, work: Path, *, deduplicate: bool) -> Peer:
    return configured(name, port, supergraph, work, OWN_CONFIG.format(deduplicate=str(deduplicate).lower()))


def configured(name: str, port: int, supergraph: Path, work: Path, text: str) -> Peer:
    config = work / f"{name.replace(' ', '-')}.yaml"
    config.write_text(text)
    run = ["-c", "from plait.cli.main import main; main()", "router", "--supergraph", str(supergraph)]
    command = [python("x")[0], *run, "--config", str(config), "--listen", f"127.0.0.1:{port}"]
    return Peer(name, port, command)


def apollo_gateway(folder: Path, port: int, supergraph: Path, work: Path) -> Peer:
    script = folder / "plait-benchmark-gateway.cjs"
    script.write_text(APOLLO)
    command = ["node", str(script), str(port), str(supergraph)]
    return Peer("@apollo/gateway", port, command, "/", folder, {"NODE_ENV": "production"})


def hive_gateway(folder: Path, port: int, supergraph: Path, work: Path) -> Peer:
    binary = str(folder / "node_modules" / ".bin" / "hive-gateway")
    command = ["node", binary, "supergraph", str(supergraph), "--host", "127.0.0.1", "--port", str(port)]
    return Peer(
        "@graphql-hive/gateway",
        port,
        [*command, "--config-path", str(hive_config(folder))],
        cwd=folder,
        environment={"NODE_ENV": "production"},
    )


def hive_config(folder: Path) -> Path:
    path = folder / "plait-benchmark-hive.config.mjs"
    path.write_text(HIVE)
    return path


def hive_router(
    program: Path, name: str, port: int, supergraph: Path, work: Path, *, deduplicate: bool
) -> Peer:
    told = {"supergraph": supergraph, "port": port, "deduplicate": str(deduplicate).lower()}
    return configured_hive(program, name, port, work, HIVE_ROUTER.format(**told))


def configured_hive(program: Path, name: str, port: int, work: Path, text: str) -> Peer:
    config = work / f"{name}.yaml"
    config.write_text(text)
    environment = {"ROUTER_CONFIG_FILE_PATH": str(config)}
    return Peer(name, port, [str(program)], cwd=work, environment=environment)


def staged_peers(
    free_port: Callable[[], int], supergraph: Path, protected: Path, work: Path, program: Path | None
) -> Iterator[Peer]:
    """Ours and Hive Router, each bare and with all stages on over the supergraph `protected`."""
    prepared = Prepared.into(work)
    config = prepared.ours(work, free_port())
    staged = configured("plait, stages on", free_port(), protected, work, config)
    yield own("plait", free_port(), supergraph, work, deduplicate=False)
    yield replace(staged, headers=prepared.headers, by_id=True)
    if program is None:
        print("hive-router is left out: give --hive-router PATH, the program")
        return
    port = free_port()
    text = prepared.hive(protected, port, free_port())
    staged = configured_hive(program.absolute(), "hive-router, stages on", port, work, text)
    yield hive_router(program.absolute(), "hive-router", free_port(), supergraph, work, deduplicate=False)
    yield replace(staged, headers=prepared.headers, by_id=True)


def peers(
    free_port: Callable[[], int], supergraph: Path, work: Path, options: argparse.Namespace
) -> Iterator[Peer]:
    """Each on a port of its own: they run at the same time."""
    yield own("plait", free_port(), supergraph, work, deduplicate=False)
    yield own("plait, deduplicating", free_port(), supergraph, work, deduplicate=True)
    if options.apollo is None:
        print("@apollo/gateway is left out: give --apollo FOLDER, where it is installed from npm")
    else:
        yield apollo_gateway(options.apollo, free_port(), supergraph, work)
    if options.hive is None:
        print("@graphql-hive/gateway is left out: give --hive FOLDER, where it is installed from npm")
    else:
        yield hive_gateway(options.hive, free_port(), supergraph, work)
    if options.hive_router is None:
        print("hive-router is left out: give --hive-router PATH, the program")
    else:
        program = options.hive_router.absolute()
        for name, deduplicate in (("hive-router", False), ("hive-router, deduplicating", True)):
            yield hive_router(program, name, free_port(), supergraph, work, deduplicate=deduplicate)
