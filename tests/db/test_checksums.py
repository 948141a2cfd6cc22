"""Revisions that were applied somewhere stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.checksums import found, listed, main, problems


def test_no_revision_that_was_released_was_edited() -> None:
    assert problems(listed(), found()) == []


@pytest.fixture
def histories(tmp_path: Path) -> Path:
    for name in ("a/rev_0001_one.py", "a/rev_0003_three.py", "b/rev_0001_one.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {name}\n")
    assert main(tmp_path / "checksums.txt", tmp_path) == 0
    return tmp_path


def wrong(histories: Path) -> list[str]:
    return problems(listed(histories / "checksums.txt"), found(histories))


def test_an_edited_revision_is_named(histories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (histories / "checksums.txt").read_text()
    (histories / "a" / "rev_0001_one.py").write_text("# another\n")
    assert wrong(histories) == ["a/rev_0001_one.py was edited: write another revision"]
    assert main(histories / "checksums.txt", histories) == 1
    assert "a/rev_0001_one.py was edited" in capsys.readouterr().err
    assert (histories / "checksums.txt").read_text() == before


def test_a_revision_that_is_gone_or_comes_between_is_named(histories: Path) -> None:
    (histories / "b" / "rev_0001_one.py").unlink()
    (histories / "a" / "rev_0002_two.py").write_text("# between\n")
    assert wrong(histories) == [
        "b/rev_0001_one.py is gone",
        "a/rev_0002_two.py comes before revisions that were applied: number it after them",
    ]


def test_a_new_revision_is_added(histories: Path) -> None:
    (histories / "a" / "rev_0004_four.py").write_text("# new\n")
    assert wrong(histories) == []
    assert main(histories / "checksums.txt", histories) == 0
    assert "a/rev_0004_four.py" in listed(histories / "checksums.txt")
