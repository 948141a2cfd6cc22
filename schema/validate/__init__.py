"""The rules of one subgraph, one per file.

Two groups, in this order: first GraphQL's own (`GRAPHQL_RULES`), because federation's rules
(`FEDERATION_RULES`) rely on types, fields and arguments that exist and fit. Within a group the order is only
the order of messages.
"""

from __future__ import annotations

from collections.abc import Callable

from schema.link.conflicts import check_shadowed_imports
from schema.report.collect import SubgraphReport
from schema.subgraph.states import Subgraph
from schema.validate.applied_directives import check_applied_directives
from schema.validate.auth import check_auth
from schema.validate.cache_tags import check_cache_tags
from schema.validate.contexts import check_contexts
from schema.validate.costs import check_costs
from schema.validate.externals import check_externals
from schema.validate.field_sets import check_field_sets
from schema.validate.inputs import check_inputs
from schema.validate.interface_keys import check_interface_keys
from schema.validate.interface_objects import check_interface_objects
from schema.validate.interfaces import check_interfaces
from schema.validate.references import check_references
from schema.validate.reserved_names import check_reserved_names
from schema.validate.shapes import check_shapes
from schema.validate.shareables import check_shareables

Rule = Callable[[Subgraph, SubgraphReport], None]

FEDERATION_RULES: tuple[Rule, ...] = (
    check_field_sets,
    check_contexts,
    check_externals,
    check_interface_keys,
    check_interface_objects,
    check_shareables,
    check_costs,
    check_auth,
    check_cache_tags,
)


def validate_graphql(subgraph: Subgraph, report: SubgraphReport) -> bool:
    """Is the subgraph valid GraphQL? What references nothing is reported alone: the other rules look types
    up.
    """
    schema = subgraph.schema
    check_reserved_names(subgraph, report)
    check_references(schema, report)
    check_applied_directives(subgraph, report)
    if not report.failures:
        check_shapes(schema, report)
        check_interfaces(schema, report)
        check_inputs(schema, report)
        check_shadowed_imports(schema, subgraph.features, report)
    return not report.failures


def validate_federation(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Does a federation 2 subgraph use federation's directives as they are meant?"""
    if subgraph.version is not None:
        for rule in FEDERATION_RULES:
            rule(subgraph, report)
