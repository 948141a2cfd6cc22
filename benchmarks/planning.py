"""How fast operations are planned cold, beside the reference planner in the same run.

    python benchmarks/planning.py --cases PLANS.jsonl [--oracle FOLDER] [--rounds N]

Every operation of a corpus is planned once per round, by a planner whose supergraph was read before;
nothing of an operation is kept between rounds. With --oracle (a folder holding node_modules with
@apollo/query-planner) one warm reference process plans the same operations as often. Both get the operation
as text, so both times contain parsing it. Best of the rounds per operation; a ratio below 1 means we are
faster. Exit 1 when the median ratio is above 1 or an operation's is above 5 (those that both plan within a
tenth of a millisecond do not count: there the clock and the parser are all there is).
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from router.planner import QueryPlanner

MEDIAN_BOUND, SINGLE_BOUND, TRIVIAL_MS = 1.0, 5.0, 0.1
REFERENCE = """
const [folder, rounds] = [process.argv[1], Number(process.argv[2])];
const load = (name) => require(require.resolve(name, { paths: [folder] }));
const { Supergraph, operationFromDocument } = load("@apollo/federation-internals");
const { QueryPlanner } = load("@apollo/query-planner");
const { parse } = load("graphql");
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const planners = new Map();
const key = (one) => one.supergraph + JSON.stringify(one.config);
for (const one of cases) {
  if (planners.has(key(one))) continue;
  try {
    const supergraph = Supergraph.buildForTests(one.supergraph);
    const incrementalDelivery = { enableDefer: Boolean(one.config.enableDefer) };
    const planner = new QueryPlanner(supergraph, { ...one.config, incrementalDelivery });
    planners.set(key(one), { schema: supergraph.apiSchema(), planner });
  } catch (error) { planners.set(key(one), null); }
}
const best = cases.map(() => null);
for (let round = 0; round < rounds; round++) {
  cases.forEach((one, index) => {
    const made = planners.get(key(one));
    if (!made) return;
    const start = process.hrtime.bigint();
    try {
      const operation = operationFromDocument(made.schema, parse(one.operation), { operationName: one.name });
      made.planner.buildQueryPlan(operation, { overrideConditions: new Map(Object.entries(one.labels)) });
    } catch (error) { return; }
    const took = Number(process.hrtime.bigint() - start) / 1e6;
    best[index] = best[index] === null ? took : Math.min(best[index], took);
  });
}
console.log(JSON.stringify(best));
"""


def read_cases(path: Path) -> list[dict[str, Any]]:
    """What planning needs of each case."""
    return [
        {
            "id": case["id"],
            "supergraph": case["supergraph_sdl"],
            "operation": case["operation"],
            "name": case.get("operation_name"),
            "labels": case.get("override_conditions") or {},
            "config": case.get("config") or {},
        }
        for case in map(json.loads, path.read_text().splitlines())
    ]


def measure(cases: list[dict[str, Any]], rounds: int) -> list[float]:
    """Our best time per case, in milliseconds."""
    planners: dict[str, QueryPlanner] = {}
    for case in cases:
        if case["supergraph"] not in planners:
            planners[case["supergraph"]] = QueryPlanner(case["supergraph"])
    gc.collect()
    gc.freeze()  # as the router does: hundreds of supergraphs are not to be walked in the middle of a plan
    best = [float("inf")] * len(cases)
    for _ in range(rounds):
        for index, case in enumerate(cases):
            labels = frozenset(label for label, on in case["labels"].items() if on)
            planner = planners[case["supergraph"]]
            start = time.perf_counter()
            planner.plan(case["operation"], operation_name=case["name"], override_labels=labels)
            best[index] = min(best[index], (time.perf_counter() - start) * 1000)
    return best


def measure_reference(cases: list[dict[str, Any]], oracle: Path, rounds: int) -> list[float | None]:
    """The reference's best times; None for what it does not plan."""
    command = ["node", "--stack-size=4000", "-e", REFERENCE, str(oracle), str(rounds)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The reference failed:\n{done.stderr}")
    times: list[float | None] = json.loads(done.stdout.splitlines()[-1])
    return times


def report(cases: list[dict[str, Any]], ours: list[float], reference: list[float | None]) -> bool:
    """Prints the comparison; whether it is within the bounds."""
    ratios = sorted(
        (mine / theirs, case["id"], mine, theirs)
        for case, mine, theirs in zip(cases, ours, reference, strict=True)
        if theirs is not None
    )
    median = statistics.median(ratio for ratio, *_ in ratios)
    print(f"ratio to the reference over {len(ratios)} operations: median {median:.2f}, highest:")
    for ratio, case_id, mine, theirs in ratios[-5:]:
        print(f"  {ratio:5.2f}  {mine:8.2f} ms against {theirs:8.2f} ms  {case_id}")
    worst = max(ratio for ratio, _, *times in ratios if max(times) > TRIVIAL_MS)
    return median <= MEDIAN_BOUND and worst <= SINGLE_BOUND


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, required=True, help="a corpus of plans")
    parser.add_argument("--oracle", type=Path, help="folder whose node_modules has @apollo/query-planner")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    cases = read_cases(options.cases)
    ours = measure(cases, options.rounds)
    print(f"{len(cases)} operations: median {statistics.median(ours):.2f} ms, highest {max(ours):.1f} ms")
    if options.oracle:
        reference = measure_reference(cases, options.oracle, options.rounds)
        sys.exit(not report(cases, ours, reference))


if __name__ == "__main__":
    main()
