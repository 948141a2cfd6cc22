"""`python -m tests.support.differential --cases N --seed S`: random operations, routed and merged, compared.

Cases are counted in operations, `--per-schema` of them over each random schema that composes. A failing
one is shrunk and printed with its schema, operation, variables, both answers and every subgraph request.
`--replay SCHEMA:OPERATION` runs one case again; `--sdl SCHEMA` prints the subgraphs of a schema seed.
With `--broken` the subgraphs break at random and what is compared is whether every loss has an error.
With `--stores` an operation is run on structures and on dicts, every second one over subgraphs that break and
answer what does not fit, and both outcomes are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from tests.support.differential.campaign import (
    Failure,
    run_both_ways,
    run_broken,
    run_broken_campaign,
    run_campaign,
    run_one,
    run_stores_campaign,
)
from tests.support.differential.case import Scenario
from tests.support.differential.generate import generate_model
from tests.support.differential.sdl import subgraph_sdl
from tests.support.differential.stores import BothWays


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.differential", description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="the first schema seed")
    parser.add_argument("--per-schema", type=int, default=20)
    parser.add_argument("--replay", metavar="SCHEMA:OPERATION")
    parser.add_argument("--broken", action="store_true", help="subgraphs break at random")
    parser.add_argument("--stores", action="store_true", help="on structures and on dicts, compared")
    parser.add_argument("--sdl", type=int, metavar="SCHEMA")
    arguments = parser.parse_args()
    if arguments.sdl is not None:
        model = generate_model(arguments.sdl)
        for name in model.subgraphs:
            print(f"# {name}\n{subgraph_sdl(model, name)}")
        return 0
    if arguments.replay:
        schema, operation = map(int, arguments.replay.split(":"))
        failure = asyncio.run(_replay(schema, operation, broken=arguments.broken, stores=arguments.stores))
        print(failure or "equal")
        return int(failure is not None)
    started = time.perf_counter()
    campaign = (
        run_stores_campaign if arguments.stores else run_broken_campaign if arguments.broken else run_campaign
    )
    report = asyncio.run(campaign(arguments.seed, arguments.cases, arguments.per_schema, print))
    print(f"{report} in {time.perf_counter() - started:.1f} s")
    return int(bool(report.failures))


async def _replay(schema: int, operation: int, *, broken: bool, stores: bool) -> Failure | None:
    if not broken and not stores:
        return await run_one(schema, operation)
    scenario = Scenario.sound(schema)
    assert scenario is not None, f"the schema of seed {schema} does not compose"
    if stores:
        return (await run_both_ways(BothWays.of(scenario), operation))[0]
    return next(iter(await run_broken(scenario, (operation,))), None)


if __name__ == "__main__":
    sys.exit(main())
