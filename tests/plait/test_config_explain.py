"""`plait config explain`."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from plait.cli.config import command


def explained(*arguments: str, **environment: str) -> str:
    result = CliRunner().invoke(command, ["explain", *arguments], env=environment)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_without_a_key_it_lists_the_sections_with_their_keys() -> None:
    lines = explained().splitlines()
    assert any(line.split() == ["batching", "enabled,", "max_operations"] for line in lines)
    sections = json.loads(explained("--format", "json"))
    assert sections["batching"] == ["batching.enabled", "batching.max_operations"]


def test_a_key_is_told_with_type_unit_default_description_and_an_example() -> None:
    lines = explained("subgraphs.by_name.users.timeout_seconds").splitlines()
    assert lines[0] == "subgraphs.by_name.NAME.timeout_seconds"
    assert "How long one request to the subgraph may take." in lines[1]
    assert "  type     number > 0" in lines
    assert "  unit     seconds" in lines
    assert "  default  not set" in lines
    assert lines[-4:] == [
        "    subgraphs:",
        "      by_name:",
        "        users:",
        "          timeout_seconds: 5.0",
    ]


def test_with_a_file_it_says_where_the_value_comes_from_and_never_what_a_secret_is(tmp_path: Path) -> None:
    path = tmp_path / "router.yaml"
    path.write_text("server:\n  graphql_path: '${env.SECRET_PATH}'\n")
    text = explained("server.graphql_path", "--config", str(path), SECRET_PATH="/hidden-one")
    assert f"here     ${{env.SECRET_PATH}}  ({path}:2; from the environment variable SECRET_PATH)" in text
    assert "hidden-one" not in text
    found = json.loads(explained("server.workers", "--config", str(path), "--format", "json"))
    assert found["origins"][0]["source"] == f"the default; {path} does not say it"


def test_an_unknown_key_is_exit_1_with_what_was_meant() -> None:
    result = CliRunner().invoke(command, ["explain", "server.lisen"])
    assert result.exit_code == 1
    assert (
        result.stderr == 'error[INVALID_CONFIGURATION]: server.lisen: unknown key. Did you mean "listen"?\n'
    )
