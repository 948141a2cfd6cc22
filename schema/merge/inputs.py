"""Input types: the fields every source has, because every subgraph must understand what callers give."""

from __future__ import annotations

from schema.merge.applied import AppliedDirectives
from schema.merge.arguments import merge_default
from schema.merge.descriptions import merge_description
from schema.merge.joins import add_join_fields
from schema.merge.overrides import NO_OVERRIDES
from schema.merge.state import Merge, Sources, present
from schema.merge.type_references import merge_type
from schema.model.definitions import InputType, InputValue, TypeDefinition
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode
from schema.report.wording import subgraphs


def merge_input(
    merge: Merge, directives: AppliedDirectives, type_: InputType, sources: dict[int, TypeDefinition]
) -> None:
    """Merges the fields of an input type."""
    inputs = {number: source for number, source in sources.items() if isinstance(source, InputType)}
    for name in dict.fromkeys(name for source in inputs.values() for name in source.fields):
        field_sources = {number: source.fields.get(name) for number, source in inputs.items()}
        field = _merge_field(merge, directives, type_, name, field_sources)
        missing = any(source is None for source in field_sources.values())
        if missing and not directives.is_inaccessible(field):
            _missing(merge, field_sources, f"{type_.name}.{name}", inputs)
            merge.removed.update([field])
        else:
            type_.fields[name] = field
    if not type_.fields:
        merge.fail(
            ErrorCode.EMPTY_MERGED_INPUT_TYPE,
            f'no field of the input type "{type_.name}" is in all subgraphs that define it, '
            "and callers can only give those.",
            merge.places(sources),
        )


def _merge_field(
    merge: Merge,
    directives: AppliedDirectives,
    type_: InputType,
    name: str,
    sources: dict[int, InputValue | None],
) -> InputValue:
    coordinate = f"{type_.name}.{name}"
    merged_type, same_types = merge_type(merge, sources, coordinate, "input field")
    field = InputValue(name, merged_type, description=merge_description(merge, sources, coordinate))
    directives.record(sources.items(), field, coordinate)
    add_join_fields(merge, sources, type_.name, field, NO_OVERRIDES, same_types=same_types)
    merge_default(merge, sources, field, coordinate, "input field")
    return field


def _missing(
    merge: Merge, sources: Sources[InputValue], coordinate: str, types: dict[int, InputType]
) -> None:
    required = [number for number, source in present(sources).items() if source.required]
    if required:
        lacking = [number for number, source in sources.items() if source is None]
        merge.fail(
            ErrorCode.REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH,
            f'"{coordinate}" is required in {subgraphs(merge.names(required))} '
            f"but is missing in {subgraphs(merge.names(lacking))}.",
            [*merge.places(sources), *merge.places({number: types[number] for number in lacking})],
        )
    else:
        merge.hint(
            HintCode.INCONSISTENT_INPUT_OBJECT_FIELD,
            f'"{coordinate}" is in {merge.split(sources)}, so it is not in the supergraph.',
            merge.places(sources),
        )
