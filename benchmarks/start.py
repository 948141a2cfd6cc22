"""`python -m benchmarks.start [--times 5]`: seconds until `plait up` serves, over new stores and over old.

The clock's and the process's own CPU seconds (its servers' are not in them). With 1 where the median of the
warm starts is above six seconds.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from statistics import median

from benchmarks.gateways.processes import cpu_seconds

READY = "Plait is ready."
BOUND = 6.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="warm starts")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PLAIT_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        print("start  seconds  CPU")
        _started("cold", environment)
        warm = [_started("warm", environment) for _ in range(times)]
    print(f"warm, median: {median(warm):.1f} s (at most {BOUND:.0f})")
    return int(median(warm) > BOUND)


def _started(name: str, environment: Mapping[str, str]) -> float:
    command = [sys.executable, "-m", "plait", "up", "--port=0"]
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if READY in line:
                break
        else:
            raise SystemExit("".join(said))
        seconds, cpu = time.monotonic() - began, cpu_seconds(process.pid)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    print(f"{name:5}  {seconds:7.1f}  {cpu:.1f}", flush=True)
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
