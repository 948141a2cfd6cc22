"""Enums: what callers may give is what every subgraph knows; what they may get is what any subgraph
returns.
"""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.descriptions import merge_description
from schema.merge.joins import graph_value
from schema.merge.state import Merge, present
from schema.model.definitions import Directive, EnumType, EnumValue, TypeDefinition
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode


def merge_enum(
    merge: Merge, directives: AppliedDirectives, enum: EnumType, sources: dict[int, TypeDefinition]
) -> None:
    """Merges the values by how the enum is used; by now every field and argument has been merged."""
    usages = merge.enum_usages.get(enum.name, {})
    if not usages:
        merge.hint(
            HintCode.UNUSED_ENUM_TYPE,
            f'the enum "{enum.name}" is used by no field or argument; all its values are kept.',
            merge.places(sources),
        )
    enums = {number: source for number, source in sources.items() if isinstance(source, EnumType)}
    for name in dict.fromkeys(name for source in enums.values() for name in source.values):
        value = EnumValue(name)
        enum.values[name] = value
        _merge_value(merge, directives, enum, value, enums)
    if not enum.values:
        merge.fail(
            ErrorCode.EMPTY_MERGED_ENUM_TYPE,
            f'no value of the enum "{enum.name}" is in all subgraphs that define it, '
            "and callers can only give those.",
            merge.places(sources),
        )


def _merge_value(
    merge: Merge,
    directives: AppliedDirectives,
    enum: EnumType,
    value: EnumValue,
    enums: dict[int, EnumType],
) -> None:
    coordinate = f"{enum.name}.{value.name}"
    sources = {number: source.values.get(value.name) for number, source in enums.items()}
    value.description = merge_description(merge, sources, coordinate)
    directives.record(sources.items(), value, coordinate)
    for number in present(sources):
        value.directives.append(Directive("join__enumValue", {"graph": graph_value(merge, number)}))
    if all(source is not None for source in sources.values()):
        return
    usages = merge.enum_usages.get(enum.name, {})
    if "input" not in usages:
        merge.hint(
            HintCode.INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM,
            f'"{coordinate}" is in {merge.split(sources)}; the supergraph has it.',
            merge.places(sources),
        )
    elif directives.is_inaccessible(value):
        return
    elif "output" in usages:
        _fail_used_both_ways(merge, enum, value.name, enums)
    else:
        del enum.values[value.name]
        merge.removed.add(value)
        merge.hint(
            HintCode.INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM,
            f'"{coordinate}" is in {merge.split(sources)}, so callers cannot give it: '
            "the supergraph does not have it.",
            merge.places(sources),
        )


def _fail_used_both_ways(merge: Merge, enum: EnumType, name: str, enums: dict[int, EnumType]) -> None:
    sources = {number: source.values.get(name) for number, source in enums.items()}
    usages = merge.enum_usages[enum.name]
    (given, given_sources), (returned, returned_sources) = usages["input"], usages["output"]
    lacking = merge.places({number: enums[number] for number in enums if sources[number] is None})
    places = [*merge.places(given_sources)[:1], *merge.places(returned_sources)[:1]]
    merge.fail(
        ErrorCode.ENUM_VALUE_MISMATCH,
        f'"{enum.name}.{name}" is in {merge.split(sources)}, but "{enum.name}" is both given (for example by '
        f'"{given}") and returned (for example by "{returned}"), so all subgraphs must have the same values.',
        [*merge.places(sources), *lacking, *places],
    )
