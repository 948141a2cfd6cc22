"""`__schema` and `__type`, answered from the API schema by graphql-core, beside data from subgraphs.

When an operation is prepared its introspection fields are cut out into a document of their own. Its
answer depends only on the variables it uses, so answers are kept (the last `MAX_ANSWERS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    execute_sync,
    visit,
)

from router.json import dumps

MAX_ANSWERS = 16
INTROSPECTION_FIELDS = frozenset(("__schema", "__type"))


class Introspection:
    """The introspection fields of one operation."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: tuple[str, ...]) -> None:
        self._schema = schema
        self._document = document
        self._variables = variables
        self._answers: dict[bytes, dict[str, Any]] = {}

    def answer(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Response key → value, for the fields that the variables do not skip."""
        used = {name: variables[name] for name in self._variables if name in variables}
        key = dumps(used)
        answer = self._answers.get(key)
        if answer is None:
            result = execute_sync(self._schema, self._document, variable_values=used)
            answer = result.data or {}
            if len(self._answers) >= MAX_ANSWERS:
                del self._answers[next(iter(self._answers))]
            self._answers[key] = answer
        return answer


def introspection_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> Introspection | None:
    """None when the operation has no introspection field at its root."""
    selections = tuple(_introspection_only(operation.selection_set, fragments))
    if not selections:
        return None
    root = SelectionSetNode(selections=selections)
    used = _used_variables(root, fragments)
    definitions = tuple(d for d in operation.variable_definitions or () if d.variable.name.value in used)
    cut = OperationDefinitionNode(
        operation=operation.operation, variable_definitions=definitions, selection_set=root, directives=()
    )
    return Introspection(
        schema,
        DocumentNode(definitions=(cut, *fragments.values())),
        tuple(d.variable.name.value for d in definitions),
    )


def _introspection_only(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[SelectionNode]:
    for selection in selection_set.selections:
        match selection:
            case FieldNode() if selection.name.value in INTROSPECTION_FIELDS:
                yield selection
            case InlineFragmentNode():
                yield from _pruned(selection, selection.selection_set, fragments)
            case FragmentSpreadNode():
                yield from _pruned(selection, fragments[selection.name.value].selection_set, fragments)
            case _:
                pass


def _pruned(
    selection: InlineFragmentNode | FragmentSpreadNode,
    selection_set: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
) -> Iterator[SelectionNode]:
    kept = tuple(_introspection_only(selection_set, fragments))
    if kept:
        inner = SelectionSetNode(selections=kept)
        yield InlineFragmentNode(type_condition=None, directives=selection.directives, selection_set=inner)


def _used_variables(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> set[str]:
    names: set[str] = set()

    class Variables(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            names.add(node.name.value)

        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            if node.name.value not in seen:
                seen.add(node.name.value)
                visit(fragments[node.name.value], self)

    seen: set[str] = set()
    visit(selection_set, Variables())
    return names
