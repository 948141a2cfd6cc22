"""One applied directive: it stands where its definition allows, with arguments that fit (GraphQL 5.7).

The same rules hold for a subgraph, where somebody wrote the application, and for the supergraph, where
merging put it: there the definition may come from another subgraph, or another version of its specification.
Input objects in arguments may lack fields: who reads the directive knows what it cannot do without, and other
composers accept it.
"""

from __future__ import annotations

from collections.abc import Mapping

from schema.model.applications import Application
from schema.model.definitions import DirectiveDefinition, TypeDefinition
from schema.model.values import fits, print_value
from schema.report.collect import GraphQLReport
from schema.report.suggestions import did_you_mean


def check_application(
    definition: DirectiveDefinition,
    application: Application,
    types: Mapping[str, TypeDefinition],
    report: GraphQLReport,
    *,
    nulls: bool = False,
) -> None:
    """Reports what is wrong with it. With `nulls`, an argument may be null though its type is not."""
    directive, where = application.directive, f'"@{definition.name}" on "{application.coordinate}"'
    if application.location not in definition.locations:
        allowed = " or ".join(definition.locations)
        report.invalid(
            f'"@{definition.name}" cannot be applied to "{application.coordinate}": '
            f"it is only for {allowed}.",
            directive.at,
        )
    for name, value in directive.arguments.items():
        argument = definition.arguments.get(name)
        if argument is None:
            advice = did_you_mean(name, definition.arguments)
            report.invalid(f'{where} has no argument "{name}".{advice}', directive.at)
        elif not (nulls and value is None) and not fits(value, argument.type, types, complete=False):
            shown = f'{print_value(value)} does not fit the type {argument.type} of "{name}"'
            report.invalid(f"{where}: {shown}.", directive.at, argument.at)
    for argument in definition.arguments.values():
        if argument.required and argument.name not in directive.arguments:
            report.invalid(f'{where} needs the argument "{argument.name}".', directive.at)


def check_repeats(
    definition: DirectiveDefinition, applications: list[Application], report: GraphQLReport
) -> None:
    """A directive that is not repeatable stands once on each definition, its extensions included."""
    if definition.repeatable or len(applications) < 2:
        return
    seen: dict[int, Application] = {}
    for application in applications:
        first = seen.setdefault(id(application.element), application)
        if first is not application:
            report.invalid(
                f'"@{definition.name}" is applied twice to "{application.coordinate}".',
                first.directive.at,
                application.directive.at,
            )
