"""Field sets: the selections inside @key, @requires, @provides and @fromContext.

    parse_field_set   text → selections (remembered: the same text occurs in many subgraphs)
    resolve           selections → fields of a schema, or FieldSetProblem with the reason they do not fit
    selected_fields   just the fields, as far as the selections make sense

`resolve` checks what GraphQL checks of an operation (fields exist, leaves are leaves, arguments fit,
fragments can apply); what each directive allows beyond that is for its own rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from schema.language.nodes import FieldNode, FragmentNode, SelectionNode
from schema.language.reader import SyntaxProblem
from schema.language.selections import parse_selections
from schema.model.built_in import BUILT_IN_DIRECTIVES
from schema.model.definitions import COMPOSITE_TYPES, Field, InterfaceType, ObjectType, Schema, has_applied
from schema.model.type_references import base_name
from schema.model.values import fits, print_value
from schema.report.suggestions import did_you_mean

TYPENAME = "__typename"


class FieldSetProblem(ValueError):
    """The field set does not fit; `unknown_field` marks that a selected field does not exist. `advice` is
    a sentence to put behind the one that says so, or nothing."""

    def __init__(self, message: str, *, unknown_field: bool = False, advice: str = "") -> None:
        super().__init__(message)
        self.unknown_field = unknown_field
        self.advice = advice


@dataclass(frozen=True, slots=True)
class ResolvedField:
    """A selected field of type `parent`; `field` is None for __typename."""

    node: FieldNode
    parent: str
    field: Field | None
    selections: tuple[Resolved, ...]


@dataclass(frozen=True, slots=True)
class ResolvedFragment:
    """An inline fragment, and the type its selections apply to."""

    node: FragmentNode
    type: str
    selections: tuple[Resolved, ...]


Resolved: TypeAlias = ResolvedField | ResolvedFragment


@lru_cache(maxsize=8192)
def parse_field_set(text: str) -> tuple[SelectionNode, ...]:
    """The selections of a field set; raises FieldSetProblem when it is not one."""
    try:
        return parse_selections(text)
    except SyntaxProblem as problem:
        raise FieldSetProblem(problem.message) from problem


def resolve(schema: Schema, parent: str, text: str, from_context: str = "") -> tuple[Resolved, ...]:
    """The selections of a field set on a type; `from_context` names the directive whose arguments fill
    themselves.
    """
    return _resolve(schema, parent, parse_field_set(text), from_context)


def _resolve(
    schema: Schema, parent: str, nodes: tuple[SelectionNode, ...], from_context: str
) -> tuple[Resolved, ...]:
    found: list[Resolved] = []
    for node in nodes:
        match node:
            case FragmentNode():
                _check_directives(schema, node)
                type_ = _fragment_type(schema, parent, node)
                found.append(
                    ResolvedFragment(node, type_, _resolve(schema, type_, node.selections, from_context))
                )
            case FieldNode():
                _check_directives(schema, node)
                found.append(_resolve_field(schema, parent, node, from_context))
    return tuple(found)


def _fragment_type(schema: Schema, parent: str, node: FragmentNode) -> str:
    if node.condition is None:
        return parent
    condition = schema.types.get(node.condition)
    if not isinstance(condition, COMPOSITE_TYPES):
        raise FieldSetProblem(f'"... on {node.condition}" does not name an object, interface or union')
    return node.condition


def _check_directives(schema: Schema, node: SelectionNode) -> None:
    for directive in node.directives:
        if directive.name not in schema.directives and directive.name not in BUILT_IN_DIRECTIVES:
            raise FieldSetProblem(f'the directive "@{directive.name}" is not defined')


def _resolve_field(schema: Schema, parent: str, node: FieldNode, from_context: str) -> ResolvedField:
    if node.name == TYPENAME:
        if node.selections:
            raise FieldSetProblem(f'"{TYPENAME}" has no fields to select')
        return ResolvedField(node, parent, None, ())
    field = find_field(schema, parent, node.name)
    if field is None:
        known = getattr(schema.types.get(parent), "fields", {})
        raise FieldSetProblem(
            f'"{parent}" has no field "{node.name}"',
            unknown_field=True,
            advice=did_you_mean(node.name, known),
        )
    _check_arguments(schema, parent, field, node, from_context)
    base = base_name(field.type)
    if isinstance(schema.types.get(base), COMPOSITE_TYPES):
        if not node.selections:
            raise FieldSetProblem(f'"{parent}.{field.name}" is of type {field.type}: select fields of it')
        return ResolvedField(node, parent, field, _resolve(schema, base, node.selections, from_context))
    if node.selections:
        raise FieldSetProblem(f'"{parent}.{field.name}" is of type {field.type}, which has no fields')
    return ResolvedField(node, parent, field, ())


def _check_arguments(schema: Schema, parent: str, field: Field, node: FieldNode, from_context: str) -> None:
    for name in node.arguments:
        if name not in field.arguments:
            raise FieldSetProblem(f'"{parent}.{field.name}" has no argument "{name}"')
    for argument in field.arguments.values():
        if from_context and has_applied(argument, from_context):
            continue
        if argument.name not in node.arguments:
            if argument.required:
                raise FieldSetProblem(f'"{parent}.{field.name}" needs a value for "{argument.name}"')
        elif not fits(node.arguments[argument.name], argument.type, schema.types):
            value = print_value(node.arguments[argument.name])
            raise FieldSetProblem(
                f'{value} does not fit the type {argument.type} of "{parent}.{field.name}({argument.name}:)"'
            )


def find_field(schema: Schema, parent: str, name: str) -> Field | None:
    """The field of an object or interface type."""
    type_ = schema.types.get(parent)
    return type_.fields.get(name) if isinstance(type_, ObjectType | InterfaceType) else None


def selected_fields(schema: Schema, parent: str, text: str, *, implementations: bool = False) -> list[Field]:
    """The fields a field set selects, up to where it stops making sense.

    With `implementations`, a field selected on an interface brings the fields of the types that implement it.
    """
    found: list[Field] = []
    try:
        _select(schema, parent, parse_field_set(text), implementations, found)
    except FieldSetProblem:
        return found
    return found


def _select(
    schema: Schema,
    parent: str,
    nodes: tuple[SelectionNode, ...],
    implementations: bool,
    found: list[Field],
) -> None:
    for node in nodes:
        if isinstance(node, FragmentNode):
            type_ = node.condition or parent
            if not isinstance(schema.types.get(type_), COMPOSITE_TYPES):
                raise FieldSetProblem(f'"{type_}" is not composite')
            _select(schema, type_, node.selections, implementations, found)
            continue
        if node.name == TYPENAME:
            continue
        field = find_field(schema, parent, node.name)
        if field is None:
            raise FieldSetProblem(f'no field "{node.name}"', unknown_field=True)
        found.append(field)
        if implementations and isinstance(schema.types[parent], InterfaceType):
            others = (type_.fields.get(node.name) for type_ in schema.implementations(parent))
            found.extend(other for other in others if other is not None)
        if node.selections:
            _select(schema, base_name(field.type), node.selections, implementations, found)


def print_selections(nodes: tuple[SelectionNode, ...]) -> str:
    """The selections as text, without outer braces."""
    return " ".join(_print_selection(node) for node in nodes)


def _print_selection(node: SelectionNode) -> str:
    if isinstance(node, FragmentNode):
        text = f"... on {node.condition}" if node.condition is not None else "..."
    else:
        text = f"{node.alias}: {node.name}" if node.alias else node.name
        if node.arguments:
            values = ", ".join(f"{name}: {print_value(value)}" for name, value in node.arguments.items())
            text += f"({values})"
    return f"{text} {{ {print_selections(node.selections)} }}" if node.selections else text
