"""`__schema` and `__type`, answered from the API schema by graphql-core, beside data from subgraphs.

When an operation is prepared its introspection fields are cut out, one document each, for every set of values
of the variables they use. Equal fields are one question under whatever alias, and answers are kept for all
operations (`introspection_answers.py`). A new question is answered in a thread: a large schema takes long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)

from router.executor.conditions import is_included
from router.executor.introspection_answers import (
    Answer,
    IntrospectionAnswers,
    IntrospectionTooLarge,
    Question,
)
from router.json import dumps

MAX_KEPT = 16
INTROSPECTION_FIELDS = frozenset(("__schema", "__type"))
Fragments = Mapping[str, FragmentDefinitionNode]


class Introspection:
    """The introspection fields of one operation."""

    def __init__(
        self, answers: IntrospectionAnswers, operation: OperationDefinitionNode, fragments: Fragments
    ) -> None:
        self._answers = answers
        self._operation = operation
        self._fragments = fragments
        self._variables = tuple(_used_variables(operation.selection_set, fragments))
        self._questions: dict[bytes, dict[str, Question]] = {}

    async def answer(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Response key → value, for the fields that the variables do not skip.

        Raises `IntrospectionTooLarge` when that is more than one operation may ask.
        """
        questions = self._asked(variables)
        known = {key: self._answers.find(question) for key, question in questions.items()}
        if None in known.values():
            return await asyncio.to_thread(self._answer, questions)
        return self._within_limit(known)

    def _answer(self, questions: Mapping[str, Question]) -> dict[str, Any]:
        left = self._answers.limit
        answers: dict[str, Answer | None] = {}
        for key, question in questions.items():
            answers[key] = answer = self._answers.answer(question, left)
            left -= answer.size
        return self._within_limit(answers)

    def _within_limit(self, answers: Mapping[str, Answer | None]) -> dict[str, Any]:
        found = {key: answer for key, answer in answers.items() if answer is not None}
        if sum(answer.size for answer in found.values()) > self._answers.limit:
            raise IntrospectionTooLarge(self._answers.limit)
        return {key: answer.value for key, answer in found.items()}

    def _asked(self, variables: Mapping[str, Any]) -> dict[str, Question]:
        used = {name: variables[name] for name in self._variables if name in variables}
        key = dumps(used)
        questions = self._questions.get(key)
        if questions is None:
            if len(self._questions) >= MAX_KEPT:
                del self._questions[next(iter(self._questions))]
            questions = self._questions[key] = self._cut_out(used)
        return questions

    def _cut_out(self, variables: Mapping[str, Any]) -> dict[str, Question]:
        fields: dict[str, list[FieldNode]] = {}
        for field in _root_fields(self._operation.selection_set, self._fragments, variables, set()):
            if field.name.value in INTROSPECTION_FIELDS:
                fields.setdefault((field.alias or field.name).value, []).append(field)
        return {key: self._question(nodes, variables) for key, nodes in fields.items()}

    def _question(self, nodes: list[FieldNode], variables: Mapping[str, Any]) -> Question:
        selections = tuple(
            FieldNode(
                name=node.name, arguments=node.arguments, directives=(), selection_set=node.selection_set
            )
            for node in nodes
        )
        selection_set = SelectionSetNode(selections=selections)
        used = set(_used_variables(selection_set, self._fragments))
        definitions = tuple(
            d for d in self._operation.variable_definitions or () if d.variable.name.value in used
        )
        operation = OperationDefinitionNode(
            operation=OperationType.QUERY,
            variable_definitions=definitions,
            selection_set=selection_set,
            directives=(),
        )
        spread = (self._fragments[name] for name in _spread(selection_set, self._fragments))
        document = DocumentNode(definitions=(operation, *spread))
        given = {name: value for name, value in variables.items() if name in used}
        return Question(nodes[0].name.value, print_ast(document), document, given)


def introspection_of(
    answers: IntrospectionAnswers, operation: OperationDefinitionNode, fragments: Fragments
) -> Introspection | None:
    """None when the operation has no introspection field at its root. O(document)."""
    everything = _root_fields(operation.selection_set, fragments, {}, set(), conditions=False)
    if any(field.name.value in INTROSPECTION_FIELDS for field in everything):
        return Introspection(answers, operation, fragments)
    return None


def _root_fields(
    selection_set: SelectionSetNode,
    fragments: Fragments,
    variables: Mapping[str, Any],
    visited: set[str],
    *,
    conditions: bool = True,
) -> Iterator[FieldNode]:
    """The fields at the root, each fragment gone through once. Every type condition there holds."""
    for selection in selection_set.selections:
        if conditions and not is_included(selection, variables):
            continue
        match selection:
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                yield from _root_fields(
                    selection.selection_set, fragments, variables, visited, conditions=conditions
                )
            case FragmentSpreadNode() if selection.name.value not in visited:
                visited.add(selection.name.value)
                inner = fragments[selection.name.value].selection_set
                yield from _root_fields(inner, fragments, variables, visited, conditions=conditions)
            case _:
                pass


def _spread(node: Node, fragments: Fragments) -> dict[str, None]:
    """The names of the fragments that it spreads, in order, each once."""
    names: dict[str, None] = {}

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
            if node.name.value not in names:
                names[node.name.value] = None
                visit(fragments[node.name.value], self)

    visit(node, Spreads())
    return names


def _used_variables(node: Node, fragments: Fragments) -> dict[str, None]:
    names: dict[str, None] = {}

    class Variables(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            names[node.name.value] = None

    for each in (node, *(fragments[name] for name in _spread(node, fragments))):
        visit(each, Variables())
    return names
