"""The requirements of schema/ and router/ and of their tests, each at the oldest version we allow.

Prints a requirements file for `uv pip install --resolution lowest-direct`: what we name is taken at its floor,
what those need at whatever they work with.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
FOR_TESTS = {"pytest", "pytest-asyncio", "pytest-timeout", "pytest-xdist", "hypothesis", "strawberry-graphql"}


def main() -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    wanted = [line for line in extras if re.split(r"[\[<>=!~; ]", line)[0] in FOR_TESTS]
    print("\n".join([*project["dependencies"], *wanted]))


if __name__ == "__main__":
    main()
