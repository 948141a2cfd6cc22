"""`python -m tests.support.plan_checker`: what it says when there is nothing to prove."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.plan_checker import corpus
from tests.support.plan_checker.__main__ import main
from tests.support.plan_checker.damaged import main as damaged


@pytest.fixture
def no_corpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(corpus.chosen_cases, "__defaults__", (tmp_path / "plans.jsonl",))


@pytest.mark.usefixtures("no_corpus")
@pytest.mark.parametrize("command", [main, damaged])
def test_without_a_corpus_nothing_is_called_proven(command: object) -> None:
    result = CliRunner().invoke(command, [])  # type: ignore[arg-type]
    assert result.exit_code == 1
    assert "error[CORPUS_MISSING]" in result.stderr
    assert "plans.jsonl" in result.stderr
    assert not result.stdout


def test_a_case_that_the_corpus_does_not_have_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "plans.jsonl").write_text(
        '{"id": "a", "supergraph_sdl": "", "operation": "", "apollo": {"plan_json": {}}}\n'
    )
    monkeypatch.setattr(corpus.chosen_cases, "__defaults__", (tmp_path / "plans.jsonl",))
    result = CliRunner().invoke(main, ["a", "missing"])
    assert result.exit_code == 1
    assert result.stderr == "error[UNKNOWN_CASE]: the corpus has no case missing\n"
