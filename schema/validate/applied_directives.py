"""Every applied directive is defined, allowed where it stands, and given arguments that fit (GraphQL 5.7)."""

from __future__ import annotations

from schema.applications import Application
from schema.built_in import BUILT_IN_DIRECTIVES
from schema.definitions import NOWHERE, DirectiveDefinition
from schema.names import UNDEFINED
from schema.report import SubgraphReport
from schema.specs.federation import FEDERATION_DIRECTIVE_NAMES, FEDERATION_IDENTITY
from schema.subgraph import Subgraph
from schema.suggestions import did_you_mean
from schema.values import fits, print_value


def check_applied_directives(subgraph: Subgraph, report: SubgraphReport) -> None:
    """One pass over all applications."""
    for name, applications in subgraph.applications.items():
        definition = subgraph.schema.directives.get(name) or BUILT_IN_DIRECTIVES.get(name)
        if definition is None:
            for application in applications:
                _unknown(subgraph, application, report)
            continue
        for application in applications:
            _check_application(subgraph, definition, application, report)
        if not definition.repeatable and len(applications) > 1:
            _check_repeats(applications, report)


def _unknown(subgraph: Subgraph, application: Application, report: SubgraphReport) -> None:
    name = application.directive.name
    known = [*subgraph.schema.directives, *BUILT_IN_DIRECTIVES]
    report.invalid(
        f'"{application.coordinate}" uses the directive "@{name}", which is not defined.'
        f"{did_you_mean(name, known, '@')}",
        application.directive.at,
        remedy=_how_to_get(subgraph, name),
    )


def _how_to_get(subgraph: Subgraph, name: str) -> str | None:
    """What to write to have a directive of federation, when `name` is one."""
    if name not in FEDERATION_DIRECTIVE_NAMES:
        return None
    federation = subgraph.features.by_identity.get(FEDERATION_IDENTITY)
    if federation is None:
        return (
            f'This is a federation 1 schema, which has no "@{name}". Make it federation 2: extend schema '
            f'@link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@{name}"]).'
        )
    here = federation.directive_name(name)
    if here == f"{federation.alias}__{name}":
        if getattr(subgraph.names, _snake(name)) == UNDEFINED:
            return f'Link a newer version of federation: {federation.url.version} has no "@{name}".'
        return f'Add "@{name}" to the import of the @link to federation, or write "@{here}".'
    return f'Write "@{here}": that is the name it is imported under.'


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _check_application(
    subgraph: Subgraph, definition: DirectiveDefinition, application: Application, report: SubgraphReport
) -> None:
    directive = application.directive
    if application.location not in definition.locations:
        where = " or ".join(definition.locations)
        report.invalid(
            f'"@{directive.name}" cannot be applied to "{application.coordinate}": it is only for {where}.',
            directive.at,
        )
    for name, value in directive.arguments.items():
        argument = definition.arguments.get(name)
        if argument is None:
            report.invalid(
                f'"@{directive.name}" on "{application.coordinate}" has no argument "{name}".'
                f"{did_you_mean(name, definition.arguments)}",
                directive.at,
            )
        elif value is not None and not fits(value, argument.type, subgraph.schema.types):
            report.invalid(
                f'"@{directive.name}" on "{application.coordinate}": {print_value(value)} is not a '
                f'{argument.type}, which "{name}" takes.',
                directive.at,
                argument.at,
            )
    for argument in definition.arguments.values():
        if argument.required and argument.name not in directive.arguments:
            report.invalid(
                f'"@{directive.name}" on "{application.coordinate}" needs the argument "{argument.name}".',
                directive.at,
            )


def _check_repeats(applications: list[Application], report: SubgraphReport) -> None:
    """A directive that is not repeatable stands once on each definition, and once on each of its
    extensions.
    """
    seen: dict[int, Application] = {}
    for application in applications:
        first = seen.setdefault(id(application.element), application)
        if first is not application:
            report.invalid(
                f'"@{application.directive.name}" is applied twice to "{application.coordinate}".',
                first.directive.at,
                application.directive.at if application.directive.at != NOWHERE else NOWHERE,
            )
