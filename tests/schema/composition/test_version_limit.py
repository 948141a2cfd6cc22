"""A pinned federation version: newer links are refused with their place, older ones compose."""

from __future__ import annotations

import pytest

from schema import CompositionError, ErrorCode, Location, SubgraphDefinition, compose
from schema.specs.specification import Version

SDL = """\
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { a: Int }
"""
SUBGRAPHS = [SubgraphDefinition("a", "", SDL), SubgraphDefinition("old", "", "type Query { b: Int }")]


def test_a_subgraph_that_links_a_newer_federation_than_pinned_is_refused_at_its_link() -> None:
    with pytest.raises(CompositionError) as raised:
        compose(SUBGRAPHS, federation_version=Version(2, 5))
    (error,) = raised.value.errors
    assert error.code == ErrorCode.UNSUPPORTED_FEDERATION_VERSION
    assert error.locations == (Location("a", 1, 15),)
    assert "v2.9" in error.message


def test_a_subgraph_that_links_the_pinned_federation_composes() -> None:
    assert compose(SUBGRAPHS, federation_version=Version(2, 9)).supergraph_sdl
