"""The parts of a batch as requests of their own, for when one part's failure took the others along.

`_entities` is non-null, so a subgraph whose resolver throws for one part answers `data: null` for all of
them. Parts that no error names are asked for again, each by itself, and then lose no more than separate
fetches would have. The planner says what a part asks by itself; a plan that comes from JSON has only the text
of the batch, which is read.
"""

from __future__ import annotations

from functools import lru_cache

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

from router.executor.in_flight import EntityPart
from router.transport.base import SubgraphDocument

MAX_KEPT = 256
Document = tuple[SubgraphDocument, frozenset[str]]
"""And the variables in it."""


def document_of_part(document: SubgraphDocument, part: EntityPart) -> Document:
    """The batch's document with only this part."""
    if part.alone is None:
        return _read(document, part.alias)
    used = frozenset((part.variable, *part.alone.variable_usages))
    return SubgraphDocument(part.alone.operation, document.operation_name), used


@lru_cache(maxsize=MAX_KEPT)
def _read(document: SubgraphDocument, alias: str) -> Document:
    """O(size of the text)."""
    parsed = parse(document.text, no_location=True)
    fragments = {d.name.value: d for d in parsed.definitions if isinstance(d, FragmentDefinitionNode)}
    (operation,) = (d for d in parsed.definitions if isinstance(d, OperationDefinitionNode))
    selected = tuple(
        selection
        for selection in operation.selection_set.selections
        if isinstance(selection, FieldNode) and (selection.alias or selection.name).value == alias
    )
    used = _Used(fragments)
    for selection in selected:
        visit(selection, used)
    own = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        directives=operation.directives,
        variable_definitions=tuple(
            d for d in operation.variable_definitions or () if d.variable.name.value in used.variables
        ),
        selection_set=SelectionSetNode(selections=selected),
    )
    text = "\n".join(print_ast(node) for node in (own, *used.fragments.values()))
    return SubgraphDocument(text, document.operation_name), frozenset(used.variables)


class _Used(Visitor):
    """The variables and fragments a selection uses."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self._known = fragments
        self.variables: set[str] = set()
        self.fragments: dict[str, Node] = {}

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.variables.add(node.name.value)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        name = node.name.value
        if name not in self.fragments:
            self.fragments[name] = self._known[name]
            visit(self._known[name], self)
