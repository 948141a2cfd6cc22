"""A normalized operation as GraphQL, for people: `plait debug normalize`."""

from __future__ import annotations

from collections.abc import Iterator

from router.operation.model import Condition, Field, Operation


def print_operation(operation: Operation) -> str:
    """Valid GraphQL; every type condition and every condition written out at the field it is for."""
    variables = ", ".join(f"${v.name}: {v.definition}" for v in operation.variables.values())
    head = " ".join(part for part in (operation.kind, operation.name) if part)
    head += (f"({variables})" if variables else "") + "".join(d.text for d in operation.directives)
    return "\n".join([f"{head} {{", *_lines(operation.fields, "  "), "}"])


def print_condition(condition: Condition) -> str:
    name, wanted = condition
    return f"@{'include' if wanted else 'skip'}(if: ${name})"


def _lines(fields: tuple[Field, ...], indent: str) -> Iterator[str]:
    for field in fields:
        text = field.name if field.key == field.name else f"{field.key}: {field.name}"
        text += field.arguments + "".join(f" {print_condition(c)}" for c in sorted(field.conditions))
        text += f" {field.directives}" if field.directives else ""
        if field.on is not None or field.defer is not None or field.around:
            on = f" on {field.on}" if field.on is not None else ""
            deferred = " @defer" if field.defer is not None else ""
            custom = f" {field.around}" if field.around else ""
            yield f"{indent}...{on}{deferred}{custom} {{"
            yield from _field(field, text, indent + "  ")
            yield f"{indent}}}"
        else:
            yield from _field(field, text, indent)


def _field(field: Field, text: str, indent: str) -> Iterator[str]:
    if not field.children:
        yield f"{indent}{text}"
        return
    yield f"{indent}{text} {{"
    yield from _lines(field.children, indent + "  ")
    yield f"{indent}}}"
