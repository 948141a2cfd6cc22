"""The newest version of federation that subgraphs may use: pinned by a team whose router knows no more."""

from __future__ import annotations

from collections.abc import Iterable

from schema.report.collect import SubgraphReport
from schema.report.errors import CompositionFailure, ErrorCode
from schema.specs.federation import FEDERATION_IDENTITY
from schema.specs.specification import Version
from schema.subgraph.states import Subgraph


def check_federation_versions(
    subgraphs: Iterable[Subgraph], newest: Version | None
) -> list[CompositionFailure]:
    """UNSUPPORTED_FEDERATION_VERSION for every subgraph that links a newer one."""
    if newest is None:
        return []
    return [failure for subgraph in subgraphs for failure in _check(subgraph, newest)]


def _check(subgraph: Subgraph, newest: Version) -> list[CompositionFailure]:
    feature = subgraph.features.by_identity.get(FEDERATION_IDENTITY)
    if feature is None or feature.url.version <= newest:
        return []
    report = SubgraphReport(subgraph.source)
    report.add(
        ErrorCode.UNSUPPORTED_FEDERATION_VERSION,
        f"it links federation {feature.url.version}, but the graph is composed for {newest}.",
        feature.directive.at,
        remedy=f"Link {newest} or earlier, or raise federation_version.",
    )
    return report.failures
