"""Makes a failing operation small: drops one selection at a time for as long as it still fails.

Greedy, O(selections²) executions at worst; a candidate that is not valid is not tried.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from tests.support.differential.operations import Operation

Fails = Callable[[Operation], Awaitable[bool]]


async def shrink(schema: GraphQLSchema, operation: Operation, fails: Fails) -> Operation:
    """The smallest operation found that still fails."""
    progress = True
    while progress:
        progress = False
        for candidate in _smaller(operation):
            if not validate(schema, parse(candidate.text)) and await fails(candidate):
                operation, progress = candidate, True
                break
    return operation


def _smaller(operation: Operation) -> Iterator[Operation]:
    document = parse(operation.text, no_location=True)
    candidates = [_inlined(document)] if len(document.definitions) > 1 else _changed(document)
    for candidate in candidates:
        cleaned, used = _clean(candidate)
        variables = {name: value for name, value in operation.variables.items() if name in used}
        yield Operation(print_ast(cleaned), variables)


def _inlined(document: DocumentNode) -> DocumentNode:
    """Named fragments written out in place: everything after deals with one definition."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}

    class Inline(Visitor):
        def leave_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> InlineFragmentNode:
            fragment = fragments[node.name.value]
            return InlineFragmentNode(
                type_condition=fragment.type_condition,
                directives=node.directives,
                selection_set=visit(fragment.selection_set, Inline()),
            )

    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return DocumentNode(definitions=(visit(operations[0], Inline()),))


def _changed(document: DocumentNode) -> Iterator[DocumentNode]:
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    for selection_set in _selection_sets(operation.selection_set):
        yield DocumentNode(definitions=(_with(operation, selection_set=selection_set),))


def _selection_sets(selection_set: SelectionSetNode) -> Iterator[SelectionSetNode]:
    """Every variant with one selection dropped, unwrapped or freed of its directives; large cuts first."""
    selections = tuple(selection_set.selections)

    def put(index: int, *new: Any) -> SelectionSetNode:
        return SelectionSetNode(selections=(*selections[:index], *new, *selections[index + 1 :]))

    if len(selections) > 1:
        for index in range(len(selections)):
            yield put(index)
    for index, selection in enumerate(selections):
        if isinstance(selection, InlineFragmentNode):
            yield put(index, *selection.selection_set.selections)
        if selection.directives:
            yield put(index, _with(selection, directives=()))
        below = getattr(selection, "selection_set", None)
        if below is not None:
            for changed in _selection_sets(below):
                yield put(index, _with(selection, selection_set=changed))


def _clean(document: DocumentNode) -> tuple[DocumentNode, set[str]]:
    """Drops the variables nothing uses any more."""
    used: set[str] = set()

    class Used(Visitor):
        def enter_variable(self, node: VariableNode, key: Any, parent: Any, *_: Any) -> None:
            if getattr(parent, "kind", "") != "variable_definition":
                used.add(node.name.value)

    visit(document, Used())
    definitions = []
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            kept = tuple(v for v in definition.variable_definitions or () if v.variable.name.value in used)
            definition = _with(definition, variable_definitions=kept)
        definitions.append(definition)
    return DocumentNode(definitions=tuple(definitions)), used


def _with(node: Any, **changes: Any) -> Any:
    values = {key: getattr(node, key) for key in node.keys if key != "loc"}
    return type(node)(**{**values, **changes})
