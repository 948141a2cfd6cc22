"""How fast subgraphs compose, beside the reference composer in the same run.

    python benchmarks/composition.py [--oracle FOLDER] [--cases CORPUS.jsonl] [--rounds N]

Composes generated graphs of growing size, and with --cases the largest cases of a corpus. With --oracle (a
folder holding node_modules with @apollo/composition) the reference composes the same subgraphs, in one warm
process, and the ratio of the two best times is printed: below 1 we are faster. Exit 1 when a ratio is above
1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from schema import SubgraphDefinition, compose

Graph = dict[str, str]

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", '
    'import: ["@key", "@shareable", "@external", "@requires", "@provides"])\n'
)
REFERENCE = """
const [folder, rounds] = [process.argv[1], Number(process.argv[2])];
const load = (name) => require(require.resolve(name, { paths: [folder] }));
const { composeServices } = load("@apollo/composition");
const { parse } = load("graphql");
const graphs = JSON.parse(require("fs").readFileSync(0, "utf8"));
for (const graph of graphs) {
  let best = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    const services = Object.entries(graph).map(([name, sdl]) => ({ name, url: "", typeDefs: parse(sdl) }));
    const result = composeServices(services);
    if (result.errors) throw result.errors[0];
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1e9);
  }
  console.log(best);
}
"""


def generate(subgraphs: int, types: int) -> Graph:
    """`subgraphs` services of `types` entities each; every third type is shared with the next service."""
    return {
        f"service{number}": LINK + "\n".join(_definitions(number, subgraphs, types))
        for number in range(subgraphs)
    }


def _definitions(number: int, subgraphs: int, types: int) -> list[str]:
    own = f"Entity{number}x"
    definitions = [
        f"type Query {{ all{number}: [{own}0!]!",
        f"  search{number}(filter: Filter{number}!): [Result{number}!]! }}",
        f"input Filter{number} {{ text: String limit: Int = 10 kind: Kind{number} }}",
        f"enum Kind{number} {{ NEW OLD LOST }}",
        f"union Result{number} = {own}0 | {own}1",
        "type PageInfo @shareable { total: Int! cursor: String }",
    ]
    other = f"Entity{(number - 1) % subgraphs}x"
    for index in range(types):
        definitions += [
            f'type {own}{index} @key(fields: "id") {{ id: ID! name: String! size(unit: String = "m"): Float',
            f"  next: {own}{(index + 1) % types} page: PageInfo tags: [String!]! }}",
        ]
        if index % 3 == 0 and subgraphs > 1:
            definitions += [
                f'type {other}{index} @key(fields: "id") {{ id: ID! name: String! @external',
                f'  extra{number}: Int label{number}: String @requires(fields: "name")',
                f"  owner{number}: {own}{index} }}",
            ]
    return definitions


def largest_cases(path: Path, count: int) -> list[Graph]:
    """The largest cases of a corpus that the reference composes."""
    cases = [json.loads(line) for line in path.read_text().splitlines()]
    graphs = [
        {subgraph["name"]: subgraph["sdl"] for subgraph in case["subgraphs"]}
        for case in cases
        if case["apollo"].get("ok")
    ]
    return sorted(graphs, key=lambda graph: -sum(map(len, graph.values())))[:count]


def measure(graph: Graph, rounds: int) -> float:
    """The best time of composing and printing, in seconds."""
    definitions = [SubgraphDefinition(name, "", sdl) for name, sdl in graph.items()]
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        composition = compose(definitions)
        assert composition.supergraph_sdl
        best = min(best, time.perf_counter() - start)
    return best


def measure_reference(graphs: list[Graph], oracle: Path, rounds: int) -> list[float]:
    """The reference's best times for the same graphs."""
    finished = subprocess.run(
        ["node", "--stack-size=4000", "-e", REFERENCE, str(oracle), str(rounds)],
        input=json.dumps(graphs),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"The reference failed:\n{finished.stderr}")
    return [float(line) for line in finished.stdout.split()]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--oracle", type=Path, help="folder whose node_modules has @apollo/composition")
    parser.add_argument("--cases", type=Path, help="a corpus of composition cases")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    named = [(f"{size} subgraphs x {size} types", generate(size, size)) for size in (10, 20, 40, 60)]
    named += [(f"20 subgraphs x {types} types", generate(20, types)) for types in (40, 80, 160)]
    if options.cases:
        cases = largest_cases(options.cases, 10)
        named += [(f"corpus case of {sum(map(len, graph.values()))} characters", graph) for graph in cases]
    graphs = [graph for _, graph in named]
    reference = measure_reference(graphs, options.oracle, options.rounds) if options.oracle else []
    slower = False
    for number, (name, graph) in enumerate(named):
        ours = measure(graph, options.rounds)
        size = sum(map(len, graph.values()))
        line = f"{name:40} {size / 1000:8.0f} kB {ours * 1000:9.1f} ms {ours / size * 1e6:7.2f} µs/B"
        if reference:
            ratio = ours / reference[number]
            slower = slower or ratio > 1
            line += f"   reference {reference[number] * 1000:9.1f} ms   ratio {ratio:5.2f}"
        print(line, flush=True)
    sys.exit(slower)


if __name__ == "__main__":
    main()
