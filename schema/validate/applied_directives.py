"""Every applied directive is defined, allowed where it stands, and given arguments that fit (GraphQL 5.7)."""

from __future__ import annotations

from schema.model.applications import Application
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.report.collect import SubgraphReport
from schema.report.suggestions import did_you_mean
from schema.specs.federation import (
    FEDERATION_DIRECTIVE_NAMES,
    FEDERATION_IDENTITY,
    FEDERATIONS,
    RECOMMENDED_MINOR,
)
from schema.specs.registry import find_specification
from schema.subgraph.names import UNDEFINED
from schema.subgraph.states import Subgraph
from schema.validate.applications import check_application, check_repeats


def check_applied_directives(subgraph: Subgraph, report: SubgraphReport) -> None:
    """One pass over all applications."""
    for name, applications in subgraph.applications.items():
        definition = subgraph.schema.directives.get(name) or BUILT_IN_DIRECTIVES.get(name)
        if definition is None:
            for application in applications:
                _unknown(subgraph, application, report)
            continue
        nulls = _takes_nulls(subgraph, name)
        for application in applications:
            check_application(definition, application, subgraph.schema.types, report, nulls=nulls)
        check_repeats(definition, applications, report)


def _takes_nulls(subgraph: Subgraph, name: str) -> bool:
    """May a non-null argument be null? Those of a subgraph's own directives are read by nobody but itself
    (when they compose, the supergraph is checked), and field sets have error codes of their own
    (`field_sets`)."""
    names = subgraph.names
    if name in (names.key, names.requires, names.provides):
        return True
    origin = subgraph.features.directive_origin(name)
    if origin is None:
        return name not in BUILT_IN_DIRECTIVES and name != names.tag
    return find_specification(origin.feature.url) is None


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
            f'@link(url: "{FEDERATIONS[RECOMMENDED_MINOR].url}", import: [{_used(subgraph)}]).'
        )
    here = federation.directive_name(name)
    if here == f"{federation.alias}__{name}":
        if getattr(subgraph.names, _snake(name)) == UNDEFINED:
            return f'Link a newer version of federation: {federation.url.version} has no "@{name}".'
        return f'Add "@{name}" to the import of the @link to federation, or write "@{here}".'
    return f'Write "@{here}": that is the name it is imported under.'


def _used(subgraph: Subgraph) -> str:
    """The directives of federation that the schema uses, as a list of imports."""
    used = (name for name in FEDERATION_DIRECTIVE_NAMES if name in subgraph.applications)
    return ", ".join(f'"@{name}"' for name in used)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
