"""External fields look like the field they stand for: same type, same arguments, no directives that
compose.
"""

from __future__ import annotations

from schema.merge.state import Merge, Sources, present
from schema.model.definitions import Directive, Field, InputValue
from schema.model.type_references import is_strict_subtype
from schema.model.values import print_value, values_equal
from schema.report.errors import ErrorCode
from schema.report.hints import HintCode


def without_external(
    merge: Merge, sources: dict[int, Field | None], coordinate: str
) -> dict[int, Field | None]:
    """The sources that resolve the field; reports directives that would be lost with the others."""
    kept: dict[int, Field | None] = {}
    for number, source in sources.items():
        if source is None or not merge.is_external(number, source):
            kept[number] = source
            continue
        kept[number] = None
        for directive in source.directives:
            if merge.links.composes(number, directive.name):
                _lost(merge, number, directive, coordinate)
    return kept


def _lost(merge: Merge, number: int, directive: Directive, coordinate: str) -> None:
    """What says who may read a field, or how it is listed, must not get lost; what only a subgraph's own
    tools read may, as in other composers."""
    message = (
        f'Subgraph "{merge.subgraphs[number].name}": "{coordinate}" is external, so "@{directive.name}" on it'
    )
    place = merge.token_place(number, directive.at)
    if directive.name in merge.links.custom.get(number, ()):
        merge.hint(HintCode.DIRECTIVE_COMPOSITION_WARN, f"{message} is not in the supergraph.", place)
    else:
        merge.fail(ErrorCode.MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL, f"{message} would be lost.", place)


def check_external(
    merge: Merge, sources: Sources[Field], field: Field, coordinate: str, *, same_types: bool
) -> None:
    """Compares the external sources of a field with what the others made of it."""
    external = {
        number: source for number, source in present(sources).items() if merge.is_external(number, source)
    }
    if any(not _fits(merge, field.type, source.type, same_types) for source in external.values()):
        types = {number: source.type for number, source in present(sources).items()}
        merge.fail(
            ErrorCode.EXTERNAL_TYPE_MISMATCH,
            f'the type of "{coordinate}" differs where it is external: it is {merge.spread(types)}.',
            merge.places(sources),
        )
    for argument in field.arguments.values():
        _check_argument(merge, sources, external, argument, f"{coordinate}({argument.name}:)")


def _fits(merge: Merge, type_: str, external: str, same_types: bool) -> bool:
    return type_ == external or (not same_types and is_strict_subtype(type_, external, merge.is_member))


def _check_argument(
    merge: Merge,
    sources: Sources[Field],
    external: dict[int, Field],
    argument: InputValue,
    coordinate: str,
) -> None:
    found = {number: source.arguments.get(argument.name) for number, source in present(sources).items()}
    given = present(found)
    declared = {number: value for number, value in given.items() if number in external}
    if len(declared) < len(external):
        merge.fail(
            ErrorCode.EXTERNAL_ARGUMENT_MISSING,
            f'"{coordinate}" is in {merge.split(found)}, where the field is external.',
            merge.places(sources),
        )
    if any(not _accepts(merge, argument, value) for value in declared.values()):
        types = {number: value.type for number, value in given.items()}
        merge.fail(
            ErrorCode.EXTERNAL_ARGUMENT_TYPE_MISMATCH,
            f'the type of "{coordinate}" differs where the field is external: it is {merge.spread(types)}.',
            merge.places(found),
        )
    if any(not _same_default(argument, value) for value in declared.values()):
        defaults = {
            number: print_value(value.default, value.type) if value.has_default else "nothing"
            for number, value in given.items()
        }
        merge.fail(
            ErrorCode.EXTERNAL_ARGUMENT_DEFAULT_MISMATCH,
            f'the default of "{coordinate}" differs where the field is external: '
            f"it is {merge.spread(defaults)}.",
            merge.places(found),
        )


def _accepts(merge: Merge, argument: InputValue, external: InputValue) -> bool:
    return argument.type == external.type or is_strict_subtype(external.type, argument.type, merge.is_member)


def _same_default(argument: InputValue, external: InputValue) -> bool:
    return argument.has_default == external.has_default and values_equal(argument.default, external.default)
