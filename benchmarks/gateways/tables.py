"""What the turns come to: a row for each gateway and case, and the ratios between gateways."""

from __future__ import annotations

import os
import platform
from statistics import median

from benchmarks.gateways.measuring import Sample

RATIOS = (
    ("plait", "hive-router"),
    ("plait, deduplicating", "hive-router, deduplicating"),
    ("plait, stages on", "plait"),
    ("hive-router, stages on", "hive-router"),
    ("plait, stages on", "hive-router, stages on"),
)


def print_table(samples: list[Sample], ceiling: float) -> None:
    version = f"{platform.python_implementation()} {platform.python_version()}"
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    print(f"\n{version}, {platform.machine()}, one core for the gateway, load averages {load}\n")
    print("| gateway | case | answer bytes | operations/s | CPU ms/operation | p50 ms | p99 ms | peak MB |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for (case, gateway), turns in _by_case(samples).items():
        speed = f"{_median(turns, 'per_second'):.0f} | {_median(turns, 'cpu_ms'):.3f}"
        times = f"{_median(turns, 'p50_ms'):.1f} | {_median(turns, 'p99_ms'):.1f}"
        memory = max(turn.megabytes for turn in turns)
        print(f"| {gateway} | {case} | {turns[0].bytes} | {speed} | {times} | {memory:.0f} |")
    print(f"\nThe subgraph server answers {ceiling:.0f} requests in a second of CPU time.")


def print_ratios(samples: list[Sample]) -> None:
    """Of CPU per operation: the median of the rounds' ratios, then the least and the most."""
    turns = _by_case(samples)
    print()
    for case in dict.fromkeys(sample.case for sample in samples):
        for one, other in RATIOS:
            if (case, one) in turns and (case, other) in turns:
                pairs = zip(turns[case, one], turns[case, other], strict=True)
                ratios = sorted(ours.cpu_ms / theirs.cpu_ms for ours, theirs in pairs)
                spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
                print(f"{case}: {one} / {other}: {median(ratios):.2f} ({spread})")


def _by_case(samples: list[Sample]) -> dict[tuple[str, str], list[Sample]]:
    turns: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        turns.setdefault((sample.case, sample.gateway), []).append(sample)
    return turns


def _median(turns: list[Sample], name: str) -> float:
    return median(getattr(turn, name) for turn in turns)
