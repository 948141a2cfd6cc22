"""The type of a field, argument or input field: the most general one its sources agree with.

Results may differ where one type is a subtype of the other: the supergraph promises the more general one.
What callers give must fit every subgraph, so arguments and input fields take the more specific one.
"""

from __future__ import annotations

from typing import Literal

from schema.merge.state import Merge, Sources, Usage
from schema.model.definitions import EnumType, Field, InputValue
from schema.model.type_references import base_name, is_strict_subtype
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode

Kind = Literal["field", "argument", "input field"]


def merge_type(
    merge: Merge, sources: Sources[Field] | Sources[InputValue], coordinate: str, kind: Kind
) -> tuple[str, bool]:
    """The merged type, and whether all sources have exactly that type."""
    usage: Usage = "output" if kind == "field" else "input"
    chosen = ""
    differ = incompatible = False
    for source in sources.values():
        if source is None or source.type == chosen:
            continue
        if not chosen:
            chosen = source.type
            continue
        differ = True
        if is_strict_subtype(chosen, source.type, merge.is_member):
            chosen = source.type if usage == "input" else chosen
        elif is_strict_subtype(source.type, chosen, merge.is_member):
            chosen = source.type if usage == "output" else chosen
        else:
            incompatible = True
    _note_enum(merge, sources, chosen, coordinate, usage)
    if incompatible:
        _fail(merge, sources, coordinate, kind)
    elif differ:
        _hint(merge, sources, coordinate, kind, chosen)
    return chosen, not differ


def _note_enum(
    merge: Merge,
    sources: Sources[Field] | Sources[InputValue],
    type_: str,
    coordinate: str,
    usage: Usage,
) -> None:
    """How an enum merges depends on whether it is used for results, for what callers give, or both."""
    base = base_name(type_)
    if not isinstance(merge.merged.types.get(base), EnumType):
        return
    usages = merge.enum_usages.setdefault(base, {})
    if usage not in usages:
        usages[usage] = (coordinate, sources)


def _types(sources: Sources[Field] | Sources[InputValue]) -> dict[int, str]:
    return {number: source.type for number, source in sources.items() if source is not None}


def _fail(merge: Merge, sources: Sources[Field] | Sources[InputValue], coordinate: str, kind: Kind) -> None:
    merge.fail(
        ErrorCode.FIELD_ARGUMENT_TYPE_MISMATCH if kind == "argument" else ErrorCode.FIELD_TYPE_MISMATCH,
        f'the type of "{coordinate}" differs: it is {merge.spread(_types(sources))}.',
        merge.places(sources),
    )


def _hint(
    merge: Merge,
    sources: Sources[Field] | Sources[InputValue],
    coordinate: str,
    kind: Kind,
    chosen: str,
) -> None:
    merge.hint(
        HintCode.INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE
        if kind == "argument"
        else HintCode.INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE,
        f'the type of "{coordinate}" differs: it is {merge.spread(_types(sources))}. '
        f"The supergraph uses {chosen}.",
        merge.places(sources),
    )
