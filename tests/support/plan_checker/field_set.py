"""Field sets (@key, @requires, @provides, context selections) as selection sets, and fields' identity."""

from __future__ import annotations

from functools import cache

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLID,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    get_named_type,
    parse,
    print_ast,
)


@cache
def field_set(text: str) -> SelectionSetNode:
    operation = parse("{" + text + "}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set


def fields_named(selection_set: SelectionSetNode) -> set[str]:
    """Names of the fields at the top of a field set, in whatever fragment."""
    names: set[str] = set()
    for selection in selection_set.selections:
        match selection:
            case FieldNode():
                names.add(selection.name.value)
            case InlineFragmentNode():
                names |= fields_named(selection.selection_set)
            case FragmentSpreadNode():
                raise ValueError("a field set has no named fragments")
    return names


def arguments_text(node: FieldNode, field: GraphQLField, without: frozenset[str] = frozenset()) -> str:
    """The arguments in one canonical text: two fields with the same name and text are the same field.

    An ID written as an integer is the same value as its digits in quotes.
    """
    pairs = sorted(
        (a.name.value, _id_text(a.value, field.args.get(a.name.value)) or canonical(a.value))
        for a in node.arguments or ()
        if a.name.value not in without
    )
    return ", ".join(f"{name}: {value}" for name, value in pairs)


def _id_text(value: ValueNode, argument: GraphQLArgument | None) -> str | None:
    named = argument and get_named_type(argument.type)
    return f'"{value.value}"' if isinstance(value, IntValueNode) and named is GraphQLID else None


def canonical(value: ValueNode) -> str:
    match value:
        case ObjectValueNode():
            pairs = sorted((f.name.value, canonical(f.value)) for f in value.fields)
            return "{" + ", ".join(f"{name}: {text}" for name, text in pairs) + "}"
        case ListValueNode():
            return "[" + ", ".join(canonical(item) for item in value.values) + "]"
        case _:
            return print_ast(value)
