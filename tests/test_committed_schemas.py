"""What is committed under schema/ is what the code makes today."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from plait.cli.compose import command as compose

ROOT = Path(__file__).resolve().parent.parent
SUPERGRAPH = ROOT / "schema" / "supergraph.graphql"
CONFIG = ROOT / "schema" / "supergraph.yaml"


def test_the_committed_supergraph_is_what_its_subgraphs_compose_to(tmp_path: Path) -> None:
    composed = tmp_path / "supergraph.graphql"
    result = CliRunner().invoke(compose, ["--config", str(CONFIG), "--output", str(composed)])
    assert result.exit_code == 0, result.output
    assert composed.read_text() == SUPERGRAPH.read_text(), (
        "schema/supergraph.graphql is stale; run "
        "`plait compose --config schema/supergraph.yaml --output schema/supergraph.graphql`"
    )
