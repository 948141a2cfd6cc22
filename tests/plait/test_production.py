"""The safe set of settings: what it changes, what it leaves, what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from plait.cli.router import command
from router.config import (
    AuthorizationConfig,
    ExecutionConfig,
    IntrospectionConfig,
    LimitsConfig,
    RouterConfig,
    for_development,
)
from router.config.production import ALWAYS, UNLESS_SET, for_production
from tests.support.federation import router


def test_what_shows_internals_is_off_whatever_was_configured() -> None:
    config, lines = for_production(for_development(RouterConfig()))
    assert not config.introspection.enabled
    assert not config.studio.enabled
    assert not config.execution.expose_query_plan
    assert not config.errors.show_subgraph_errors
    assert "introspection.enabled = false" in lines


def test_limits_are_set_unless_the_file_sets_them() -> None:
    own = RouterConfig(limits=LimitsConfig(max_depth=40), execution=ExecutionConfig(max_fetches=7))
    config, lines = for_production(own)
    assert (config.limits.max_depth, config.execution.max_fetches) == (40, 7)
    assert config.limits.max_aliases == 50
    assert "limits.max_depth = 40 (as configured)" in lines
    assert "limits.max_aliases = 50" in lines


def test_every_setting_of_the_set_is_told() -> None:
    _, lines = for_production(RouterConfig())
    for path, _ in (*ALWAYS, *UNLESS_SET):
        assert any(line.startswith(f"{path} = ") for line in lines), path


def test_a_dry_run_of_authorization_ends_and_what_is_left_open_is_said() -> None:
    config, lines = for_production(RouterConfig(authorization=AuthorizationConfig(on_denied="log")))
    assert config.authorization.on_denied == "filter"
    assert any(line.startswith("left to you: rate_limits.rules") for line in lines)


async def test_with_the_set_on_introspection_is_refused_and_operations_run() -> None:
    config, _ = for_production(RouterConfig(introspection=IntrospectionConfig(enabled=True)))
    async with router(config) as routed:
        refused = await routed.execute({"query": "{ __schema { types { name } } }"})
        served = await routed.execute({"query": "{ me { name posts { title } } }"})
    assert refused["errors"][0]["extensions"]["code"] == "INTROSPECTION_DISABLED"
    assert "errors" not in served


@pytest.mark.parametrize("options", [["--dev", "--production"]])
def test_development_and_production_exclude_each_other(options: list[str], tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--supergraph", str(tmp_path / "s.graphql"), *options])
    assert result.exit_code == 2
    assert "give one of them" in result.output
