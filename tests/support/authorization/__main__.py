"""`python -m tests.support.authorization --cases N --seed S`: what callers get, beside the model."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from tests.support.authorization.campaign import run_campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.authorization", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first graph's seed")
    parser.add_argument("--per-graph", type=int, default=40)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    started = time.perf_counter()
    report = asyncio.run(run_campaign(arguments.seed, arguments.cases, arguments.per_graph, print))
    print(f"{report} in {time.perf_counter() - started:.1f} s")
    return int(bool(report.failures))


if __name__ == "__main__":
    sys.exit(main())
