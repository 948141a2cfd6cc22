"""The command line as a whole: every command is there, and a missing extra is said plainly."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from plait.cli.main import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.output


def test_a_command_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    for module in [name for name in sys.modules if name == "db" or name.startswith("db.")]:
        monkeypatch.delitem(sys.modules, module)
    result = CliRunner().invoke(main, ["db", "current"])
    assert result.exit_code == 1
    assert "pip install 'plait[domains]'" in result.output


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["compos"])
    assert result.exit_code == 2
