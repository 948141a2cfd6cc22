"""`python -m tests.support.calls_counted [CASE] [--stages] [--by-function]`: calls and instructions.

Per operation of the gateways' cases, in memory: the average over some requests and what is done for them
afterwards. Both numbers are the same in every run on one Python but for a timer, so that a change of a few
calls is seen on a busy machine too. `--stages` counts them with all stages on as well, and what that adds.
`--by-function` lists the functions whose instructions are the most.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import uvloop

from benchmarks.counting import counting
from benchmarks.gateways.shop import CASES, Case
from router.pipeline import shedding
from router.telemetry import afterwards
from tests.support.gateway_in_memory import Gateway, gateway

NEVER = 3600.0
"""Seconds: timers do nothing, and what is done afterwards is done when it is counted."""
WARM, COUNTED, SHOWN = 5, 20, 45


class Counted(NamedTuple):
    """By function."""

    calls: Counter[str]
    instructions: Counter[str]

    @property
    def each(self) -> tuple[float, float]:
        """Calls and instructions of one request."""
        return self.calls.total() / COUNTED, self.instructions.total() / COUNTED


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="?", help="only the case of this name")
    parser.add_argument("--stages", action="store_true", help="with all stages on as well")
    parser.add_argument("--by-function", action="store_true")
    afterwards.DELAY = shedding.INTERVAL = NEVER
    uvloop.run(_print_all(parser.parse_args()))
    return 0


async def _print_all(options: argparse.Namespace) -> None:
    for case in CASES:
        if options.case not in (None, case.name) or case.name in ("fifty", "wide"):
            continue
        bare = await _of(case, staged=False)
        _print(case.name, bare, options.by_function and not options.stages)
        if options.stages:
            full = await _of(case, staged=True)
            _print(f"{case.name}, all on", full, options.by_function)
            (calls, instructions), (all_calls, all_instructions) = bare.each, full.each
            added = all_calls - calls, all_instructions - instructions
            print(f"{'':18} {added[0]:+9.1f} calls {added[1]:+9.0f} instructions")


def _print(name: str, counted: Counted, by_function: bool) -> None:
    calls, instructions = counted.each
    print(f"{name:18} {calls:9.1f} calls {instructions:9.0f} instructions")
    for function, count in counted.instructions.most_common(SHOWN if by_function else 0):
        times = counted.calls[function] / COUNTED
        print(f"    {count / COUNTED:9.1f} in {times:6.2f} calls of {function[-90:]}")


async def _of(case: Case, *, staged: bool) -> Counted:
    with tempfile.TemporaryDirectory() as folder:
        async with gateway(Path(folder), staged=staged) as one:
            return await _counted(one, case)


async def _counted(one: Gateway, case: Case) -> Counted:
    ask = one.sender(case)
    for _ in range(WARM):
        await ask()
    one.tell()
    with counting() as counts:
        for _ in range(COUNTED):
            await ask()
        one.tell()
    return Counted(*counts)


if __name__ == "__main__":
    sys.exit(main())
