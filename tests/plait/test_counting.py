"""Progress of long jobs: a bar where somebody looks on, lines where they are kept, nothing for short ones."""

from __future__ import annotations

import io

import pytest

from plait.cli.counting import LONG, counting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_away_from_a_terminal_each_tenth_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("demo data", LONG * 10) as told:
        for _batch in range(40):
            told(LONG // 4)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "demo data: 10% (10,000 of 100,000 rows)"
    assert lines[-1] == "demo data: 100% (100,000 of 100,000 rows)"
    assert len(lines) == 10


def test_a_short_job_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("demo data", LONG - 1) as told:
        told(LONG - 1)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with counting("demo data", LONG) as told:
        told(LONG // 2)
        told(LONG // 2)
    assert "demo data" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert "\n" not in terminal.getvalue().strip()
