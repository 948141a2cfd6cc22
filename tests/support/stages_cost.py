"""`python -m tests.support.stages_cost [ROUNDS]`: CPU time of a request with all stages on and of a bare one.

The gateways' cases through the whole application, in memory (`gateway_in_memory.py`), what is done after the
answers included. Both are measured in turns in one process, the best of each counts.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks.gateways.shop import CASES, Case
from tests.support.gateway_in_memory import Gateway, gateway

ROUNDS, SECONDS, WARM = 40, 0.02, 20
SHORTEST = 64
"""Requests of a turn."""


async def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with (
            gateway(Path(folder), staged=False) as bare,
            gateway(Path(folder), staged=True) as full,
        ):
            for case in CASES:
                if case.name not in ("fifty", "wide"):
                    one, other = await _compared(case, bare, full, rounds)
                    print(f"| {case.name} | {one:.1f} | {other:.1f} | {other / one:.2f} |", flush=True)


async def _compared(case: Case, bare: Gateway, full: Gateway, rounds: int) -> tuple[float, float]:
    """Microseconds of a request with each."""
    for each in (bare, full):
        await _cost(each, case, WARM)
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    count = max(SHORTEST, int(SECONDS / await _cost(bare, case, WARM)))
    costs = [(await _cost(bare, case, count), await _cost(full, case, count)) for _ in range(rounds)]
    return min(one for one, _ in costs) * 1e6, min(other for _, other in costs) * 1e6


async def _cost(one: Gateway, case: Case, count: int) -> float:
    """Seconds of a request."""
    ask = one.sender(case)
    began = time.process_time()
    for _ in range(count):
        await ask()
    one.tell()
    return (time.process_time() - began) / count


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
