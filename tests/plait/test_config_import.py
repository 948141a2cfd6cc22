"""`plait config import`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from plait.cli.config import command

APOLLO = """
supergraph: {listen: 0.0.0.0:4100, path: /graphql, introspection: true}
headers: {all: {request: [{insert: {name: x-key, value: literal-secret}}]}}
traffic_shaping: {router: {timeout: 60s}, all: {timeout: 5s}}
sandbox: {enabled: true}
rhai: {scripts: ./scripts}
"""


def imported(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["import", *arguments])


def test_what_it_writes_is_valid_and_what_it_tells_is_on_stderr(tmp_path: Path) -> None:
    theirs, ours = tmp_path / "router.yaml", tmp_path / "plait.yaml"
    theirs.write_text(APOLLO)
    result = imported(str(theirs))
    assert result.exit_code == 0
    assert "listen: 0.0.0.0:4100" in result.stdout
    assert f"{theirs}: Apollo Router, 3 settings carried over" in result.stderr
    assert "  rhai: a router embedded in Python is extended in Python (docs/embedding.md)" in result.stderr
    assert "literal-secret" not in result.stderr
    assert imported(str(theirs), "--output", str(ours)).stdout == ""
    assert ours.read_text() == result.stdout
    validated = CliRunner().invoke(command, ["validate", str(ours)])
    assert validated.stdout == f"{ours}: valid\n"


def test_json_has_the_configuration_and_every_remark(tmp_path: Path) -> None:
    theirs = tmp_path / "router.yaml"
    theirs.write_text(APOLLO)
    found = json.loads(imported(str(theirs), "--format", "json").stdout)
    assert found["from"] == "Apollo Router"
    assert {"key": "traffic_shaping.all.timeout", "to": "subgraphs.defaults.timeout_seconds"} in (
        found["carried_over"]
    )
    assert [remark["key"] for remark in found["not_carried_over"]] == ["rhai"]
    assert {remark["to"] for remark in found["already_the_default"]} >= {"introspection.enabled"}
    assert found["faults"] == []


def test_a_file_that_is_nobodys_is_exit_1_and_one_line(tmp_path: Path) -> None:
    theirs = tmp_path / "router.yaml"
    theirs.write_text("plugins: {}")
    result = imported(str(theirs))
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert "say --from, one of apollo, cosmo, hive" in result.stderr
    assert imported(str(tmp_path / "none.yaml")).exit_code == 1
    assert imported(str(theirs), "--from", "nginx").exit_code == 2


def test_an_output_that_cannot_be_written_is_exit_1(tmp_path: Path) -> None:
    theirs = tmp_path / "router.yaml"
    theirs.write_text(APOLLO)
    result = imported(str(theirs), "--output", str(tmp_path / "none" / "ours.yaml"))
    assert result.exit_code == 1
    assert "error[FILE_CANNOT_BE_WRITTEN]" in result.stderr
