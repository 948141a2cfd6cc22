"""@cost and @listSize describe what is there: lists that are lists, arguments that slice, sizes that are
sizes.
"""

from __future__ import annotations

from schema.language.values import Value
from schema.model.applications import OnField
from schema.model.definitions import InterfaceType, ObjectType
from schema.model.type_references import base_name, is_list, nullable
from schema.report.collect import SubgraphReport
from schema.report.errors import ErrorCode
from schema.subgraph.states import Subgraph


def check_costs(subgraph: Subgraph, report: SubgraphReport) -> None:
    """Every application of the two directives."""
    for application in subgraph.applied(subgraph.names.cost):
        if isinstance(application, OnField) and isinstance(application.parent, InterfaceType):
            report.add(
                ErrorCode.COST_APPLIED_TO_INTERFACE_FIELD,
                f'"{application.coordinate}" is the field of an interface and cannot have a cost.',
                application.directive.at,
                application.element.at,
            )
    for application in subgraph.applied(subgraph.names.list_size):
        if isinstance(application, OnField):
            _check_list_size(subgraph, application, report)


def _check_list_size(subgraph: Subgraph, application: OnField, report: SubgraphReport) -> None:
    arguments, field = application.directive.arguments, application.element
    sized_fields = _texts(arguments.get("sizedFields"))
    if isinstance(arguments.get("sizedFields"), str):
        _add(
            ErrorCode.LIST_SIZE_INVALID_SIZED_FIELD,
            f'the sized fields of "{application.coordinate}" must be a list.',
            application,
            report,
        )
    elif not sized_fields and not is_list(field.type):
        _add(
            ErrorCode.LIST_SIZE_APPLIED_TO_NON_LIST,
            f'"{application.coordinate}" has a list size but is not a list.',
            application,
            report,
        )
    size = arguments.get("assumedSize")
    if isinstance(size, int) and size < 0:
        _add(
            ErrorCode.LIST_SIZE_INVALID_ASSUMED_SIZE,
            f'the assumed size of "{application.coordinate}" is negative.',
            application,
            report,
        )
    if isinstance(arguments.get("slicingArguments"), str):
        _add(
            ErrorCode.LIST_SIZE_INVALID_SLICING_ARGUMENT,
            f'the slicing arguments of "{application.coordinate}" must be a list.',
            application,
            report,
        )
    for name in _texts(arguments.get("slicingArguments")):
        _check_slicing_argument(application, name, report)
    if sized_fields:
        _check_sized_fields(subgraph, application, sized_fields, report)


def _check_slicing_argument(application: OnField, name: str, report: SubgraphReport) -> None:
    argument = application.element.arguments.get(name)
    if argument is None:
        problem = f'the slicing argument "{name}" is not an argument of "{application.coordinate}".'
    elif nullable(argument.type) != "Int":
        problem = f'the slicing argument "{name}" of "{application.coordinate}" must be of type Int or Int!.'
    else:
        return
    _add(ErrorCode.LIST_SIZE_INVALID_SLICING_ARGUMENT, problem, application, report)


def _check_sized_fields(
    subgraph: Subgraph, application: OnField, names: list[str], report: SubgraphReport
) -> None:
    type_ = subgraph.schema.types.get(base_name(application.element.type))
    if not isinstance(type_, ObjectType | InterfaceType):
        _add(
            ErrorCode.LIST_SIZE_INVALID_SIZED_FIELD,
            f'"{application.coordinate}" names sized fields but is of type {application.element.type}, '
            "which has no fields.",
            application,
            report,
        )
        return
    for name in names:
        field = type_.fields.get(name)
        if field is None:
            _add(
                ErrorCode.LIST_SIZE_INVALID_SIZED_FIELD,
                f'the sized field "{name}" of "{application.coordinate}" is not a field of "{type_.name}".',
                application,
                report,
            )
        elif not is_list(field.type):
            _add(
                ErrorCode.LIST_SIZE_APPLIED_TO_NON_LIST,
                f'the sized field "{type_.name}.{name}" is not a list.',
                application,
                report,
            )


def _texts(value: Value) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _add(code: ErrorCode, message: str, application: OnField, report: SubgraphReport) -> None:
    report.add(code, message, application.directive.at, application.element.at)
