"""compose(): from subgraphs to a supergraph. The stages, in order.

    SubgraphDefinition ──parse──> Document ──build──> Schema ──link──> Subgraph ──validate──> ──upgrade──>
        ──merge──> Schema ──post-merge rules──> API schema rules ──> Supergraph ──satisfiability──> SDL

Each stage reports all it finds; the next one runs only on what is right so far, because it relies on it.
Subgraphs are taken in the order of their names, so the order they are given in changes nothing.
docs/composition.md explains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from schema.api_schema import api_schema_sdl
from schema.api_schema.build import reduce_to_api
from schema.contract import Contract, apply_contract
from schema.merge.merge import merge_subgraphs
from schema.model.definitions import Schema
from schema.model.print_schema import print_schema
from schema.post_merge import validate_merged
from schema.report.errors import CompositionError, CompositionFailure
from schema.report.hints import Hint
from schema.report.locate import Locator
from schema.satisfiability import check_satisfiability
from schema.specs.specification import Version
from schema.subgraph.read import read_subgraphs
from schema.subgraph.states import SubgraphDefinition, ValidSubgraph
from schema.subgraph.version_limit import check_federation_versions
from schema.supergraph import Supergraph
from schema.upgrade import upgrade_all


@dataclass(frozen=True)
class Composition:
    """A supergraph that composed, and what was noticed on the way. Texts are printed when first asked for."""

    supergraph: Supergraph = field(repr=False)
    hints: list[Hint]

    @property
    def schema(self) -> Schema:
        """The supergraph's definitions."""
        return self.supergraph.schema

    @cached_property
    def supergraph_sdl(self) -> str:
        """The supergraph: what a router reads."""
        return print_schema(self.schema)

    @cached_property
    def api_schema_sdl(self) -> str:
        """The schema clients see, in lexicographic order."""
        return api_schema_sdl(self.schema)


def compose(
    subgraphs: Sequence[SubgraphDefinition],
    *,
    contract: Contract | None = None,
    federation_version: Version | None = None,
) -> Composition:
    """Composes subgraphs; raises CompositionError with everything that is wrong with them.

    With a contract the result is its variant: the same supergraph, more of it @inaccessible. With a
    federation version, a subgraph that links a newer one is an error.
    """
    read = read_subgraphs(subgraphs)
    _stop_on(read.failures, read.hints)
    _stop_on(check_federation_versions(read.subgraphs, federation_version), read.hints)
    upgraded, failures = upgrade_all(read.subgraphs)
    _stop_on(failures, read.hints)
    composition = _compose(upgraded, read.hints)
    if contract is None:
        return composition
    variant = apply_contract(composition.schema, contract)
    return Composition(Supergraph.of(variant), composition.hints)


def _compose(subgraphs: list[ValidSubgraph], noticed: list[Hint]) -> Composition:
    merged = merge_subgraphs(subgraphs)
    merge = merged.merge
    if merge is None:
        raise CompositionError(merged.failures, noticed)
    if not merge.failures:
        validate_merged(merge)
    _stop_on(merge.failures, [*noticed, *merge.hints])
    locator = Locator(subgraphs)
    reduce_to_api(merge.merged, locator.everywhere)
    supergraph = Supergraph.of(merge.merged)
    satisfiability = check_satisfiability(supergraph, locate=locator.of_subgraph)
    hints = [*noticed, *merge.hints, *satisfiability.hints]
    _stop_on(satisfiability.errors, hints)
    return Composition(supergraph, hints)


def _stop_on(failures: list[CompositionFailure], hints: Sequence[Hint] = ()) -> None:
    if failures:
        raise CompositionError(failures, hints)
