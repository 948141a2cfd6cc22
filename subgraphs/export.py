"""Writes every domain's schema to schema/sdl/<domain>.graphql: `python -m subgraphs.export`.

The files are reviewed like code, and a test fails when one is stale. The one place where all domains are seen
together.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from subgraphs.registry import DOMAINS, schema_of

FOLDER = Path(__file__).parents[1] / "schema" / "sdl"


def exported() -> Mapping[str, str]:
    """The text of each domain's file."""
    return {domain: schema_of(domain).as_str().rstrip() + "\n" for domain in DOMAINS}


def export(folder: Path = FOLDER) -> list[Path]:
    """Write the files; returns those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for domain, text in exported().items():
        path = folder / f"{domain}.graphql"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed.append(path)
    return changed


def main() -> None:
    for path in export():
        print(path)  # noqa: T201 -- the command's output


if __name__ == "__main__":
    main()
