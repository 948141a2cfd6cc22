"""Revisions that were applied somewhere are never edited: a file of their SHA-256 says so, and CI checks it.

    python -m db.checksums        add those that are not in it yet: with a release

A revision that is in the file and was changed is an error; the way to change what it did is another revision.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path

from db.histories import HISTORIES

FILE = HISTORIES / "checksums.txt"


def listed(file: Path = FILE) -> Mapping[str, str]:
    """`<domain>/<file>` → its hash."""
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return {name: checksum for checksum, name in (line.split() for line in lines)}


def found(histories: Path = HISTORIES) -> Mapping[str, str]:
    paths = sorted(histories.glob("*/rev_*.py"))
    return {path.relative_to(histories).as_posix(): _checksum(path) for path in paths}


def problems(known: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    """What happened to revisions that may not change, and new ones that come before them."""
    gone = [f"{name} is gone" for name in known if name not in there]
    edited = [
        f"{name} was edited: write another revision"
        for name in known
        if name in there and known[name] != there[name]
    ]
    before = [
        f"{name} comes before revisions that were applied: number it after them"
        for name in there
        if name not in known and any(name < other for other in known if _domain(other) == _domain(name))
    ]
    return gone + edited + before


def main(file: Path = FILE, histories: Path = HISTORIES) -> int:
    known, there = listed(file), found(histories)
    if wrong := problems(known, there):
        sys.stderr.write("".join(f"{line}\n" for line in wrong))
        return 1
    file.write_text("".join(f"{there[name]}  {name}\n" for name in there), encoding="ascii")
    return 0


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()


def _domain(name: str) -> str:
    return name.partition("/")[0]


if __name__ == "__main__":
    raise SystemExit(main())
