"""`plait config`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from plait.cli.config import command


def test_the_schema_is_json_schema() -> None:
    result = CliRunner().invoke(command, ["schema"])
    schema = json.loads(result.stdout)
    assert result.exit_code == 0
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "execution" in schema["$defs"]["RouterConfig"]["properties"]


def test_a_valid_file_is_said_to_be_valid(tmp_path: Path) -> None:
    path = tmp_path / "router.yaml"
    path.write_text("server:\n  listen: 0.0.0.0:80\n")
    result = CliRunner().invoke(command, ["validate", str(path)])
    assert (result.exit_code, result.stdout) == (0, f"{path}: valid\n")


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "router.yaml"
    path.write_text("servers: {}\nexecution: {max_fetchs: 1}\n")
    result = CliRunner().invoke(command, ["validate", str(path)])
    assert result.exit_code == 1
    head = f"error[INVALID_CONFIGURATION]: {path}:"
    assert result.stderr.splitlines() == [
        f'{head} servers: unknown key. Did you mean "server" or "errors"?',
        f'{head} execution.max_fetchs: unknown key. Did you mean "max_fetches"?',
    ]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["validate", str(tmp_path / "none.yaml")])
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
