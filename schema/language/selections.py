"""Selections: what stands in field sets."""

from __future__ import annotations

from schema.language.nodes import FieldNode, FragmentNode, SelectionNode
from schema.language.reader import MAX_DEPTH, NAME, Reader, SyntaxProblem
from schema.language.tokens import tokenize


def parse_selections(text: str) -> tuple[SelectionNode, ...]:
    """Reads what stands inside a selection set, with or without its braces; raises SyntaxProblem."""
    parser = _SelectionParser(tokenize(text if text.lstrip().startswith("{") else f"{{{text}}}"))
    selections = parser.selections()
    if parser.tokens[parser.at]:
        raise parser.unexpected("the end of the text")
    if parser.problems:
        raise SyntaxProblem(*parser.problems[0])
    return selections


class _SelectionParser(Reader):
    __slots__ = ()

    def selections(self) -> tuple[SelectionNode, ...]:
        """A selection set, in its braces."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SyntaxProblem(f"selections nest more than {MAX_DEPTH} deep", self.at)
        found = self.many("{", self._selection, "}")
        if not found:
            raise self.unexpected("a selection")
        self.depth -= 1
        return tuple(found)

    def _selection(self) -> SelectionNode:
        if self.take("..."):
            return self._fragment()
        name, alias = self.name("a field"), None
        if self.take(":"):
            name, alias = self.name("a field"), name
        arguments = self.arguments_given(name)
        directives = tuple(self.directives())
        selections = self.selections() if self.tokens[self.at] == "{" else ()
        return FieldNode(name, alias, arguments, directives, selections)

    def _fragment(self) -> SelectionNode:
        condition = None
        if self.take("on"):
            condition = self.name("a type")
        elif NAME.match(self.tokens[self.at]):
            raise SyntaxProblem("named fragments cannot be used here", self.at)
        return FragmentNode(condition, tuple(self.directives()), self.selections())
