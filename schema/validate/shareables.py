"""@shareable is on object types and their fields, once on each definition or extension."""

from __future__ import annotations

from schema.model.applications import OnField
from schema.model.definitions import Field, ObjectType, applied
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.states import Subgraph


def check_shareables(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every element with the directive."""
    name = subgraph.names.shareable
    if not subgraph.applied(name):
        return
    for type_ in subgraph.schema.object_types():
        _check_repeats(type_, type_.name, name, report)
        for field in type_.fields.values():
            _check_repeats(field, f"{type_.name}.{field.name}", name, report)
    for application in subgraph.applied(name):
        if isinstance(application, OnField) and not isinstance(application.parent, ObjectType):
            report.add(
                ErrorCode.INVALID_SHAREABLE_USAGE,
                f'"{application.coordinate}" is an interface field: only fields of object types are shared.',
                application.directive.at,
            )


def _check_repeats(element: ObjectType | Field, coordinate: str, name: str, report: SubgraphReport) -> None:
    found = applied(element, name)
    if len(found) < 2:
        return
    blocks = [directive.extension for directive in found]
    if len(set(blocks)) < len(blocks):
        report.add(
            ErrorCode.INVALID_SHAREABLE_USAGE,
            f'"{coordinate}" has "@{name}" more than once on the same definition or extension.',
            *(directive.at for directive in found),
        )
