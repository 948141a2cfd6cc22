"""Requirements on access are on what is resolved: object types and their fields, never on interfaces.

What an interface requires follows from the types that implement it, and merging works that out.
"""

from __future__ import annotations

from schema.model.applications import OnField, OnType
from schema.model.definitions import InterfaceType
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.facts import is_interface_object
from schema.subgraph.states import Subgraph


def check_auth(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every application of the three directives."""
    names = subgraph.names
    for name in (names.authenticated, names.requires_scopes, names.policy):
        for application in subgraph.applied(name):
            match application:
                case OnType(element=InterfaceType()):
                    what = "an interface"
                case OnType(element=type_) if is_interface_object(type_, names):
                    what = "an @interfaceObject type"
                case OnField(parent=InterfaceType()):
                    what = "the field of an interface"
                case _:
                    continue
            report.add(
                ErrorCode.AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE,
                f'"@{name}" cannot be applied to "{application.coordinate}", which is {what}.',
                application.directive.at,
            )
