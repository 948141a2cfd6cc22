"""Directive definitions: executable ones that all subgraphs have, and those @composeDirective keeps."""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.arguments import merge_arguments
from schema.merge.compose_directive import Composed
from schema.merge.descriptions import merge_description
from schema.merge.state import Merge
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import DirectiveDefinition, Field, InputValue
from schema.report.hints import HintCode

_EXECUTABLE = frozenset(
    {
        "QUERY",
        "MUTATION",
        "SUBSCRIPTION",
        "FIELD",
        "FRAGMENT_DEFINITION",
        "FRAGMENT_SPREAD",
        "INLINE_FRAGMENT",
        "VARIABLE_DEFINITION",
    }
)


def merge_directive_definitions(merge: Merge, directives: AppliedDirectives, composed: Composed) -> None:
    """Adds every directive of the supergraph that no known specification defines."""
    for name, definition in composed.definitions.items():
        arguments = _merge_arguments(merge, directives, {0: definition}, name)
        merge.merged.directives[name] = DirectiveDefinition(
            name, arguments, definition.repeatable, definition.locations, definition.description
        )
    names = dict.fromkeys(
        name
        for subgraph in merge.subgraphs
        for name, definition in subgraph.schema.directives.items()
        if name not in BUILT_IN_DIRECTIVES and _executable_locations(definition)
    )
    for name in names:
        if name not in merge.merged.directives:
            _merge_executable(merge, directives, name)


def _executable_locations(definition: DirectiveDefinition) -> list[str]:
    return sorted(location for location in definition.locations if location in _EXECUTABLE)


def _merge_executable(merge: Merge, directives: AppliedDirectives, name: str) -> None:
    """Operations may go to any subgraph, so all must know the directive, in the same places."""
    found = {number: subgraph.schema.directives.get(name) for number, subgraph in enumerate(merge.subgraphs)}
    sources = {number: source for number, source in found.items() if source is not None}
    places = [place for number, source in sources.items() for place in merge.token_place(number, source.at)]
    if len(sources) < len(found):
        merge.hint(
            HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE,
            f'"@{name}" is in {merge.split(found)}, so it is not in the supergraph.',
            places,
        )
        return
    locations = {number: _executable_locations(source) for number, source in sources.items()}
    common = [
        location
        for location in next(iter(locations.values()))
        if all(location in own for own in locations.values())
    ]
    shown = merge.spread({number: ", ".join(own) or "nowhere" for number, own in locations.items()})
    if not common:
        merge.hint(
            HintCode.NO_EXECUTABLE_DIRECTIVE_INTERSECTION,
            f'"@{name}" is allowed at different places ({shown}), so it is not in the supergraph.',
            places,
        )
        return
    if any(own != common for own in locations.values()):
        merge.hint(
            HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS,
            f'"@{name}" is allowed at different places ({shown}): the supergraph allows {", ".join(common)}.',
            places,
        )
    repeatable = all(source.repeatable for source in sources.values())
    if not repeatable and any(source.repeatable for source in sources.values()):
        merge.hint(
            HintCode.INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE,
            f'"@{name}" is repeatable in some subgraphs only, so it is not in the supergraph\'s definition.',
            places,
        )
    description = merge_description(merge, sources, f"@{name}")
    arguments = _merge_arguments(merge, directives, sources, name)
    merge.merged.directives[name] = DirectiveDefinition(
        name, arguments, repeatable, tuple(common), description
    )


def _merge_arguments(
    merge: Merge, directives: AppliedDirectives, sources: dict[int, DirectiveDefinition], name: str
) -> dict[str, InputValue]:
    fields: dict[int, Field | None] = {
        number: Field(name, "", source.arguments, at=source.at) for number, source in sources.items()
    }
    return merge_arguments(merge, directives, fields, f"@{name}")
