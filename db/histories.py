"""Where the revisions of each domain are, and which is the newest: asked without loading them."""

from __future__ import annotations

from pathlib import Path

HISTORIES = Path(__file__).parent / "migrations"
VERSIONS = "alembic_version"


def newest(domain: str, histories: Path = HISTORIES) -> str | None:
    """By the names of the files, `rev_0007_what.py`: they are numbered in order. None where there is none."""
    numbers = (path.stem.split("_")[1] for path in (histories / domain).glob("rev_*.py"))
    return max(numbers, default=None)
