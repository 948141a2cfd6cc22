"""The answer a caller should get: the specification's execution, field by field, over one schema that knows
everything. What the caller may not read is null where it stands, at run time, by the type of the object.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    is_composite_type,
    is_leaf_type,
    parse,
)
from graphql.execution.values import get_variable_values

from tests.support.authorization.judge import Judge
from tests.support.authorization.protect import Caller
from tests.support.differential.world import Obj, World

NULL = object()
Path = tuple[str, ...]


@dataclass(slots=True)
class Selected:
    """The nodes of one response key; `permitted` are those that the caller may have."""

    first: FieldNode
    permitted: list[FieldNode] = field(default_factory=list)


@dataclass(slots=True)
class Reference:
    judge: Judge
    caller: Caller
    world: World
    variables: Any = None
    fragments: dict[str, FragmentDefinitionNode] = field(default_factory=dict)
    denied: set[Path] = field(default_factory=set)
    """Where a field was met that the caller may not read, whatever else has its key."""

    @property
    def schema(self) -> GraphQLSchema:
        return self.judge.schema

    def answer(self, text: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        document = parse(text)
        (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
        self.fragments = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        coerced = get_variable_values(self.schema, operation.variable_definitions or (), variables)
        assert not isinstance(coerced, list), coerced
        self.variables = coerced
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        may_enter = self.judge.may_enter(self.caller, root.name)
        done = self.object(Obj(root.name, "root"), [(operation.selection_set, root.name, may_enter)], ())
        return None if done is NULL else done

    def object(self, obj: Obj, sources: list[tuple[SelectionSetNode, str, bool]], path: Path) -> Any:
        type_ = self.schema.get_type(obj.type)
        assert isinstance(type_, GraphQLObjectType)
        found: dict[str, Selected] = {}
        for selection_set, static, permitted in sources:
            for node, may_read in self.collect(obj.type, selection_set, static, permitted):
                key = (node.alias or node.name).value
                selected = found.setdefault(key, Selected(node))
                if may_read:
                    selected.permitted.append(node)
                else:
                    self.denied.add((*path, key))
        answer: dict[str, Any] = {}
        for key, selected in found.items():
            value = self.field(obj, type_, selected, (*path, key))
            if value is NULL:
                return NULL
            answer[key] = value
        return answer

    def collect(
        self, runtime: str, selection_set: SelectionSetNode, static: str, permitted: bool
    ) -> Iterator[tuple[FieldNode, bool]]:
        """The fields for an object, each with whether the caller may read it as it is written there."""
        for node in selection_set.selections:
            if not self.included(node):
                continue
            if isinstance(node, FieldNode):
                name = node.name.value
                if name == "__typename":
                    yield node, True
                else:
                    yield node, permitted and self.judge.may_read(self.caller, static, name)
                continue
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                condition, inner = fragment.type_condition.name.value, fragment.selection_set
            else:
                assert isinstance(node, InlineFragmentNode)
                condition = node.type_condition.name.value if node.type_condition else static
                inner = node.selection_set
            if self.applies(runtime, condition):
                entered = permitted and self.judge.may_enter(self.caller, condition)
                yield from self.collect(runtime, inner, condition, entered)

    def included(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return not (skip and _argument(skip)) and (include is None or _argument(include))

    def applies(self, runtime: str, condition: str) -> bool:
        type_ = self.schema.get_type(condition)
        return condition == runtime or (
            not isinstance(type_, GraphQLObjectType)
            and any(one.name == runtime for one in self.schema.get_possible_types(type_))  # type: ignore[arg-type]
        )

    def field(self, obj: Obj, type_: GraphQLObjectType, selected: Selected, path: Path) -> Any:
        name = selected.first.name.value
        if name == "__typename":
            return obj.type
        definition = type_.fields[name]
        if not selected.permitted:
            return NULL if isinstance(definition.type, GraphQLNonNull) else None
        arguments: Any = get_argument_values(definition, selected.first, self.variables)
        value = self.world.resolve(obj, name, dict(getattr(arguments, "coerced", arguments)))
        return self.complete(definition.type, value, selected.permitted, path)

    def complete(self, type_: Any, value: Any, nodes: list[FieldNode], path: Path) -> Any:
        if isinstance(type_, GraphQLNonNull):
            done = self.complete(type_.of_type, value, nodes, path)
            return NULL if done is None else done
        if value is None:
            return None
        if isinstance(type_, GraphQLList):
            items = [self.complete(type_.of_type, item, nodes, (*path, "@")) for item in value]
            return None if any(item is NULL for item in items) else items
        if is_leaf_type(type_):
            return type_.serialize(value)
        assert is_composite_type(type_)
        sources = [(node.selection_set, type_.name, True) for node in nodes if node.selection_set is not None]
        done = self.object(value, sources, path)
        return None if done is NULL else done


def _argument(values: Any) -> bool:
    return bool(getattr(values, "coerced", values)["if"])
