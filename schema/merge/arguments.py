"""Arguments: those all sources have, with types and defaults that agree.

An argument that takes its value from a context is the subgraph's own business, and not in the supergraph at
all.
"""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.descriptions import merge_description
from schema.merge.state import Merge, Sources, present
from schema.merge.type_references import Kind, merge_type
from schema.model.definitions import Field, InputValue, has_applied
from schema.model.type_references import is_non_null
from schema.model.values import print_value, values_equal
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode
from schema.report.wording import subgraphs


def merge_arguments(
    merge: Merge, directives: AppliedDirectives, sources: Sources[Field], coordinate: str
) -> dict[str, InputValue]:
    """The arguments of a field merged from sources."""
    having = present(sources)
    names = dict.fromkeys(name for source in having.values() for name in source.arguments)
    merged = {}
    for name in names:
        argument_sources = {number: source.arguments.get(name) for number, source in having.items()}
        argument_coordinate = f"{coordinate}({name}:)"
        if _is_merged(merge, argument_sources, argument_coordinate, having):
            merged[name] = merge_argument(merge, directives, argument_sources, name, argument_coordinate)
    return merged


def _is_merged(merge: Merge, sources: Sources[InputValue], coordinate: str, fields: dict[int, Field]) -> bool:
    contextual = [
        number
        for number, source in present(sources).items()
        if source.directives and has_applied(source, merge.subgraphs[number].names.from_context)
    ]
    if contextual:
        _check_contextual(merge, sources, set(contextual), coordinate)
        return False
    if all(source is not None for source in sources.values()):
        return True
    _missing(merge, sources, coordinate, fields)
    return False


def _check_contextual(
    merge: Merge, sources: Sources[InputValue], contextual: set[int], coordinate: str
) -> None:
    for number, source in present(sources).items():
        if number in contextual:
            continue
        name = merge.subgraphs[number].name
        if is_non_null(source.type) and not source.has_default:
            merge.fail(
                ErrorCode.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
                f'"{coordinate}" takes its value from a context in another subgraph, '
                f'but is required in subgraph "{name}".',
                merge.places(sources),
            )
        else:
            merge.hint(
                HintCode.CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS,
                f'"{coordinate}" of subgraph "{name}" is not in the supergraph: '
                "in another subgraph, it takes its value from a context.",
                merge.places(sources),
            )


def _missing(merge: Merge, sources: Sources[InputValue], coordinate: str, fields: dict[int, Field]) -> None:
    required = [number for number, source in present(sources).items() if source.required]
    if required:
        lacking = [number for number, source in sources.items() if source is None]
        merge.fail(
            ErrorCode.REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH,
            f'"{coordinate}" is required in {subgraphs(merge.names(required))} '
            f"but is missing in {subgraphs(merge.names(lacking))}.",
            [*merge.places(sources), *merge.places({number: fields[number] for number in lacking})],
        )
    else:
        merge.hint(
            HintCode.INCONSISTENT_ARGUMENT_PRESENCE,
            f'"{coordinate}" is in {merge.split(sources)}, so it is not in the supergraph.',
            merge.places(sources),
        )


def merge_argument(
    merge: Merge, directives: AppliedDirectives, sources: Sources[InputValue], name: str, coordinate: str
) -> InputValue:
    """One argument that every source has."""
    type_, _ = merge_type(merge, sources, coordinate, "argument")
    argument = InputValue(name, type_, description=merge_description(merge, sources, coordinate))
    directives.record(sources.items(), argument, coordinate)
    merge_default(merge, sources, argument, coordinate, "argument")
    return argument


def merge_default(
    merge: Merge, sources: Sources[InputValue], value: InputValue, coordinate: str, kind: Kind
) -> None:
    """Sets the default all sources agree on. Without agreement there is none: every subgraph applies its
    own.
    """
    found = present(sources)
    given = [source for source in found.values() if source.has_default]
    if not given:
        return
    if any(not values_equal(source.default, given[0].default) for source in given):
        merge.fail(
            ErrorCode.FIELD_ARGUMENT_DEFAULT_MISMATCH
            if kind == "argument"
            else ErrorCode.INPUT_FIELD_DEFAULT_MISMATCH,
            f'the default of "{coordinate}" differs: it is {merge.spread(_defaults(found))}.',
            merge.places(sources),
        )
    elif len(given) < len(found):
        merge.hint(
            HintCode.INCONSISTENT_DEFAULT_VALUE_PRESENCE,
            f'the default of "{coordinate}" differs: it is {merge.spread(_defaults(found))}. '
            "The supergraph has none.",
            merge.places(sources),
        )
    else:
        value.has_default, value.default = True, given[0].default


def _defaults(sources: dict[int, InputValue]) -> dict[int, str]:
    return {
        number: print_value(source.default, source.type) if source.has_default else "nothing"
        for number, source in sources.items()
    }
