"""docs/errors.md lists every code that the router can answer with, with its cause and what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+|UNAUTHENTICATED")


def codes_of(tree: ast.AST) -> Iterator[str]:
    """Values of `code = …` in classes, of `code=…` in calls, and of constants that look like a code."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="code", value=ast.Constant(value=str(code))):
                yield code
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str(code))) if CODE.fullmatch(
                code
            ):
                yield code


def known_codes() -> set[str]:
    files = (ROOT / "router").rglob("*.py")
    found = {
        code
        for path in files
        if "node_modules" not in path.parts
        for code in codes_of(ast.parse(path.read_text(encoding="utf-8")))
    }
    return {code for code in found if CODE.fullmatch(code)}


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_a_code_has_one_row_with_cause_and_fix(code: str) -> None:
    rows = [row for row in ROW.findall(PAGE) if row[0] == code]
    assert len(rows) == 1, f"docs/errors.md has {len(rows)} rows for {code}"
    assert all(len(cell) > 10 for cell in rows[0][1:])


def test_the_page_lists_no_code_that_is_gone() -> None:
    assert {row[0] for row in ROW.findall(PAGE)} <= known_codes()
