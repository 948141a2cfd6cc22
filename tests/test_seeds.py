"""docs/seeds.md names a test for every row that is done, and each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| S")
]


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_every_row_names_a_test_that_exists() -> None:
    missing = []
    for number, _where, shown in ROWS:
        named = re.fullmatch(r"`(tests/[\w/]+\.py)::(test_\w+)`", shown)
        if named is None or named[2] not in names_in(ROOT / named[1]):
            missing.append(f"{number}: {shown}")
    assert not missing, "\n".join(missing)


def test_every_row_names_a_place_that_exists() -> None:
    places = [(number, place) for number, where, _ in ROWS for place in re.findall(r"`([^`]+)`", where)]
    assert {number for number, _ in places} == {number for number, _, _ in ROWS}
    assert [f"{number}: {place}" for number, place in places if not (ROOT / place).exists()] == []


def test_a_row_of_the_checklist_is_answered_once() -> None:
    numbers = [row[0] for row in ROWS]
    assert numbers == sorted(set(numbers))
    assert all(re.fullmatch(r"S[0-4]-\d\d", number) for number in numbers)
