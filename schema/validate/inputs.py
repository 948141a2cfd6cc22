"""Arguments and input fields: defaults fit their types, required ones are not deprecated, input types can
end.

An input type that needs a value of itself through non-null fields could never be written (GraphQL 3.10.1).
The search for such cycles keeps its own stack, so a long chain of types is no deeper than a short one.
"""

from __future__ import annotations

from schema.model.definitions import InputType, InputValue, InterfaceType, ObjectType, Schema, is_deprecated
from schema.model.values import fits, print_value
from schema.report.collect import GraphQLReport


def check_inputs(schema: Schema, report: GraphQLReport) -> None:
    """Every argument and input field, then the cycles. Linear in the schema."""
    for definition in schema.directives.values():
        for argument in definition.arguments.values():
            _check_input(schema, argument, f"@{definition.name}({argument.name}:)", report)
    for type_ in schema.types.values():
        match type_:
            case ObjectType() | InterfaceType():
                for field in type_.fields.values():
                    for argument in field.arguments.values():
                        _check_input(schema, argument, f"{type_.name}.{field.name}({argument.name}:)", report)
            case InputType():
                for member in type_.fields.values():
                    _check_input(schema, member, f"{type_.name}.{member.name}", report)
            case _:
                pass
    _check_cycles(schema, report)


def _check_input(schema: Schema, value: InputValue, coordinate: str, report: GraphQLReport) -> None:
    if value.has_default:
        if not fits(value.default, value.type, schema.types):
            shown = print_value(value.default)
            report.invalid(
                f'the default {shown} of "{coordinate}" does not fit its type {value.type}.', value.at
            )
    elif value.directives and value.required and is_deprecated(value):
        report.invalid(f'"{coordinate}" is required, so it cannot be deprecated.', value.at)


def _check_cycles(schema: Schema, report: GraphQLReport) -> None:
    done: set[str] = set()
    for name, type_ in schema.types.items():
        if isinstance(type_, InputType) and name not in done:
            _search(schema, name, done, report)


def _search(schema: Schema, start: str, done: set[str], report: GraphQLReport) -> None:
    """Depth first from one input type; `path` holds the types on the way, in order."""
    path: dict[str, InputValue | None] = {start: None}
    stack = [(start, iter(_needed(schema, start)))]
    while stack:
        name, needed = stack[-1]
        field = next(needed, None)
        if field is None:
            stack.pop()
            del path[name]
            done.add(name)
            continue
        target = field.type[:-1]
        if target in path:
            _report_cycle(path, target, field, report)
        elif target not in done:
            path[target] = field
            stack.append((target, iter(_needed(schema, target))))


def _needed(schema: Schema, name: str) -> list[InputValue]:
    """The fields of an input type that need a value of an input type."""
    type_ = schema.types[name]
    fields = type_.fields.values() if isinstance(type_, InputType) else ()
    return [
        field
        for field in fields
        if field.type[-1] == "!" and isinstance(schema.types.get(field.type[:-1]), InputType)
    ]


def _report_cycle(
    path: dict[str, InputValue | None], target: str, closing: InputValue, report: GraphQLReport
) -> None:
    names = list(path)
    fields = [field for name in names[names.index(target) + 1 :] if (field := path[name])]
    fields.append(closing)
    report.invalid(
        f'no value of the input type "{target}" can be written: it needs itself through '
        f'"{".".join(field.name for field in fields)}".',
        *(field.at for field in fields),
    )
