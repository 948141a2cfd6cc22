"""The exported schemas: current, complete, and what the supergraph's configuration lists."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from graphql import parse

from subgraphs.export import FOLDER, export, exported
from subgraphs.registry import DOMAINS


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_committed_sdl_is_current(domain: str) -> None:
    committed = (FOLDER / f"{domain}.graphql").read_text()
    assert committed == exported()[domain], "run `python -m subgraphs.export` and review the difference"


def test_nothing_else_lies_among_the_exported_files() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{domain}.graphql" for domain in DOMAINS}


def test_an_export_writes_what_changed_and_nothing_else(tmp_path: Path) -> None:
    assert len(export(tmp_path)) == len(DOMAINS)
    (tmp_path / "posts.graphql").write_text("# stale")
    assert export(tmp_path) == [tmp_path / "posts.graphql"]
    assert export(tmp_path) == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_exported_sdl_parses(domain: str) -> None:
    assert parse(exported()[domain]).definitions


def test_the_supergraph_configuration_lists_every_domain() -> None:
    config = yaml.safe_load((FOLDER.parent / "supergraph.yaml").read_text())
    assert set(config["subgraphs"]) == set(DOMAINS)
    for subgraph in config["subgraphs"].values():
        assert (FOLDER.parent / subgraph["schema"]["file"]).is_file()
