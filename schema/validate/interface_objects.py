"""An @interfaceObject stands for an interface of entities, so it needs a key to be one of them."""

from __future__ import annotations

from schema.model.applications import OnType
from schema.model.definitions import has_applied
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.states import Subgraph


def check_interface_objects(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every type with the directive."""
    for application in subgraph.applied(subgraph.names.interface_object):
        if isinstance(application, OnType) and not has_applied(application.element, subgraph.names.key):
            report.add(
                ErrorCode.INTERFACE_OBJECT_USAGE_ERROR,
                f'"{application.element.name}" is an @interfaceObject but has no @key.',
                application.directive.at,
                application.element.at,
                remedy="Give it the @key by which the interface is found in the subgraph that defines it.",
            )
