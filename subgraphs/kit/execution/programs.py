"""Documents compiled to programs: once per operation and per what its conditions say.

A selection is compiled when the first object arrives at it, and shared by all places that ask the same nodes
of the same type, so that a document whose fragments multiply costs what its answer costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    Executor,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    VariableNode,
    Visitor,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    visit,
)
from graphql.execution.collect_fields import FieldDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField

from subgraphs.kit.execution.arguments import Arguments
from subgraphs.kit.execution.completion import Abstracts, Completion, Leaves, Lists, Objects
from subgraphs.kit.execution.fields import (
    Field,
    call_function,
    call_resolver,
    read_attribute,
    read_called,
)
from subgraphs.kit.execution.leaves import DEFINITION, Attribute, attribute_of
from subgraphs.kit.execution.selection import Selection
from subgraphs.kit.execution.variables import Variables

TYPENAME: Final = "__typename"
MOST_PROGRAMS = 64
"""Of one operation: its conditions' combinations. More are forgotten and compiled again."""
Details = Sequence[FieldDetails]


class Programs:
    """Compiles the operations of one schema."""

    def __init__(
        self, schema: GraphQLSchema, config: StrawberryConfig, scalars: Mapping[object, Any]
    ) -> None:
        self.schema = schema
        self.config = config
        self.scalars = scalars

    def operations(self, document: DocumentNode) -> dict[str | None, Operation]:
        """Those of a valid document, by name."""
        nodes = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        conditions = _Conditions()
        visit(document, conditions)
        names = tuple(sorted(conditions.found))
        return {
            node.name.value if node.name else None: Operation(self, document, node, names) for node in nodes
        }


class Operation:
    """An operation and its programs, by the values of the variables in @skip and @include."""

    def __init__(
        self,
        programs: Programs,
        document: DocumentNode,
        node: OperationDefinitionNode,
        conditions: tuple[str, ...],
    ) -> None:
        self.is_mutation = node.operation is OperationType.MUTATION
        self._node = node
        self._variables = Variables(programs.schema, node.variable_definitions or ())
        self._programs = programs
        self._document = document
        self._conditions = conditions
        self._compiled: dict[tuple[object, ...], Program] = {}

    def coerce(self, variables: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """A request's variables (section 6.1.2), or why they do not fit."""
        return self._variables.coerce(variables)

    def program(self, variables: VariableValues) -> Program:
        key = tuple(variables.coerced.get(name) for name in self._conditions)
        program = self._compiled.get(key)
        if program is None:
            if len(self._compiled) >= MOST_PROGRAMS:
                self._compiled.clear()
            program = Program(self._programs, self._document, self._node, variables)
            self._compiled[key] = program
        return program


class Program:
    """An operation whose conditions are decided. Selections are compiled as objects arrive."""

    def __init__(
        self,
        programs: Programs,
        document: DocumentNode,
        node: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._programs = programs
        self._node = node
        self._variables = variables
        self._selections: dict[tuple[object, ...], Selection] = {}
        self.is_serial = node.operation is OperationType.MUTATION
        self.executor = _executor(programs.schema, document, node, variables)
        root_type = programs.schema.get_root_type(node.operation)
        assert root_type is not None, "the document is valid"
        collected = collect_fields(
            programs.schema, self.executor.fragments, variables, root_type, node
        ).grouped_field_set
        self.root = self._compile(root_type, collected)

    def _selection(self, kind: GraphQLObjectType, details: Details) -> Selection:
        key = (kind.name, *(id(each.node) for each in details))
        selection = self._selections.get(key)
        if selection is None:
            collected = collect_subfields(
                self._programs.schema,
                self.executor.fragments,
                self._variables,
                self._node,
                kind,
                list(details),
            ).grouped_field_set
            selection = self._selections[key] = self._compile(kind, collected)
        return selection

    def _compile(self, kind: GraphQLObjectType, collected: Mapping[str, Details]) -> Selection:
        parts: list[tuple[Field, Attribute | None]] = []
        constants: dict[str, Any] = {}
        for key, details in collected.items():
            name = details[0].node.name.value
            definition = self._programs.schema.get_field(kind, name)
            assert definition is not None, "the document is valid"
            if name == TYPENAME:
                constants[key] = kind.name
            parts.append(self._field(key, name, kind, definition, details))
        return Selection(parts, constants)

    def _field(
        self, key: str, name: str, kind: GraphQLObjectType, definition: GraphQLField, details: Details
    ) -> tuple[Field, Attribute | None]:
        nodes = tuple(each.node for each in details)
        completion = self._completion(definition.type, details)
        known = definition.extensions.get(DEFINITION)
        field = known if isinstance(known, StrawberryField) else None
        if field is not None and field.is_basic_field:
            read = read_attribute(field.python_name)
            made = Field(key, name, kind, definition, nodes, completion, read)
            return made, attribute_of(definition, field)
        arguments = Arguments(definition, nodes[0])
        if field is not None and field.base_resolver and not field.extensions:
            config, scalars = self._programs.config, self._programs.scalars
            call = call_function(arguments, definition, field, config, scalars)
        else:
            call = call_resolver(arguments, definition)
        return Field(key, name, kind, definition, nodes, completion, read_called, call), None

    def _completion(self, kind: Any, details: Details) -> Completion:
        non_null, inner = is_non_null_type(kind), get_nullable_type(kind)
        if is_list_type(inner):
            return Lists(self._completion(inner.of_type, details), non_null)
        if is_leaf_type(inner):
            return Leaves(inner, non_null)
        if is_object_type(inner):
            return Objects(lambda: self._selection(inner, details), non_null)
        return Abstracts(inner, lambda runtime: self._selection(runtime, details), non_null)


def _executor(
    schema: GraphQLSchema,
    document: DocumentNode,
    node: OperationDefinitionNode,
    variables: VariableValues,
) -> Executor[Any]:
    """graphql-core's own state of an execution: resolvers are given an info that it makes."""
    name = node.name.value if node.name else None
    made = Executor.build(
        schema,
        document,
        operation_name=name,
        raw_variable_values={
            each: source.value for each, source in variables.sources.items() if source.value is not Undefined
        },
    )
    assert isinstance(made, Executor), "the document is valid and the variables fit"
    return made


class _Conditions(Visitor):
    """The variables in @skip and @include."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in ("skip", "include"):
            values = (argument.value for argument in node.arguments or ())
            self.found |= {value.name.value for value in values if isinstance(value, VariableNode)}
