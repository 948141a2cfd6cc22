"""What schema/ and router/ require at the oldest versions we allow, and the tools of their tests.

Prints a requirements file for `uv pip install --resolution lowest-direct`: what we name is taken at its
floor, what those need at whatever they work with.
"""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
FOR_TESTS = ("hypothesis", "jsonschema", "pytest", "pytest-asyncio", "pytest-timeout", "pytest-xdist")
"""Without Strawberry, which asks for a newer graphql-core than our floor: tests that need it say so and are
left out here.
"""


def main() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    tools = [f"{name}=={version(name)}" for name in FOR_TESTS]
    print("\n".join([*project["dependencies"], *tools]))


if __name__ == "__main__":
    main()
