"""The pages of decisions: each in the index, numbered as its file is, with the four parts it must have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "decisions"
PAGES = sorted(path.name for path in FOLDER.glob("*.md") if path.name != "README.md")
PARTS = ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**")
ROW = re.compile(r"^\| \[(\d+)\]\(([^)]+)\) \| \S.* \|$", re.MULTILINE)


def test_the_index_has_one_line_for_each_page_in_order() -> None:
    rows = ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    assert [(int(number), name) for number, name in rows] == [(int(name[:4]), name) for name in PAGES]


def test_no_number_is_given_twice() -> None:
    numbers = [name[:4] for name in PAGES]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_begins_with_its_number_and_has_the_four_parts(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith(f"# {int(name[:4])}. ")
    assert [part for part in PARTS if part not in text] == []
