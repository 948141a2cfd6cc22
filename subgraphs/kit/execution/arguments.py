"""The arguments of a field, worked out as far as they can be before there is a request (section 6.4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    VariableNode,
    Visitor,
    get_argument_values,
    is_non_null_type,
    visit,
)
from graphql.execution.values import VariableValues

if TYPE_CHECKING:
    from subgraphs.kit.execution.run import Run


class Arguments:
    """A field's arguments: the same for every object, and for every run where no variable is in them."""

    __slots__ = ("_definition", "_fixed", "_named", "_node")

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        """What is worked out once: `_fixed`, all that no variable is in; `_named`, those that are a variable,
        which section 6.1.2 has coerced. None where graphql-core has to be asked in each run.
        """
        self._definition = definition
        self._node = node
        self._fixed: Mapping[str, Any] | None = None
        self._named: tuple[tuple[str, str, bool], ...] = ()
        named, others = dict[str, str](), list[ArgumentNode]()
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                named[argument.name.value] = argument.value.name.value
            else:
                others.append(argument)
        if any(map(_has_variables, others)):
            return
        kept = {name: each for name, each in definition.args.items() if name not in named}
        apart = FieldNode(name=node.name, arguments=tuple(others))
        with suppress(GraphQLError):
            self._fixed = get_argument_values(
                GraphQLField(definition.type, kept), apart, VariableValues({}, {})
            )
            taken = ((definition.args[name], name, variable) for name, variable in named.items())
            self._named = tuple(
                (each.out_name or name, variable, is_non_null_type(each.type))
                for each, name, variable in taken
            )

    @property
    def constant(self) -> Mapping[str, Any] | None:
        """None where they differ by run."""
        return None if self._named else self._fixed

    def of(self, run: Run) -> Mapping[str, Any]:
        """Raises GraphQLError for what does not fit."""
        fixed = self._fixed
        if fixed is not None:
            if not self._named:
                return fixed
            coerced = run.variables.coerced
            given = {name: coerced.get(variable) for name, variable, _ in self._named}
            if _are_there(coerced, given, self._named):
                return {**fixed, **given}
        return get_argument_values(self._definition, self._node, run.variables)


def _are_there(
    coerced: Mapping[str, Any], given: Mapping[str, Any], named: Iterable[tuple[str, str, bool]]
) -> bool:
    """Else it is graphql-core's to say: what is absent may have a default, and null be an error."""
    for name, variable, is_non_null in named:
        if given[name] is None and (is_non_null or variable not in coerced):
            return False
    return True


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def enter_variable(self, _node: VariableNode, *_: Any) -> None:
        self.found = True


def _has_variables(argument: ArgumentNode) -> bool:
    seen = _Variables()
    visit(argument, seen)
    return seen.found
