"""graphql-core's executor, without what an answer of many equal fields pays for again and again.

A field that is an attribute of its object (resolvers.py) is read and written on the spot: no path, no
`ResolveInfo`, no arguments. The arguments of any other field are worked out once per operation, not once per
object. Whatever is unusual (a null where none may be, a value of another kind, an error) goes graphql-core's
whole way, which says what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from subgraphs.kit.bounded_execution import BoundedExecution
from subgraphs.kit.resolvers import Attributes


class AttributeExecutor(BoundedExecution):
    def __init__(self, *args: Any, attributes: Attributes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._attributes = attributes
        self._arguments: dict[int, tuple[object, Mapping[str, Any]]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        attributes = self._attributes.get(parent_type.name)
        if not attributes:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        results: dict[str, Any] = {}
        others: dict[str, Any] = {}
        for response_name, details in grouped_field_set.items():
            attribute = attributes.get(details[0].node.name.value)
            value = Undefined if attribute is None else attribute.read(source_value)
            results[response_name] = value
            if value is Undefined:
                others[response_name] = details
        if not others:
            return results
        rest: Any = super().execute_fields(parent_type, source_value, path, others, position_context)
        if self.is_awaitable(rest):
            return _joined(results, rest)
        results.update(rest)
        return results

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: Any,
        path: Path,
        position_context: Any,
    ) -> Any:
        if self._items_left < 0:
            return None
        field = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
        if field is None or field.resolve is None:
            return super().execute_field(parent_type, source, field_details_list, path, position_context)
        nodes = [details.node for details in field_details_list]
        info = self.build_resolve_info(field, nodes, parent_type, path)
        try:
            result = field.resolve(source, info, **self._arguments_of(field, field_details_list))
            if self.is_awaitable(result):
                return self.complete_awaitable_value(
                    field.type, field_details_list, info, path, result, position_context
                )
            completed = self.complete_value(
                field.type, field_details_list, info, path, result, position_context
            )
        except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            self.handle_field_error(error, field.type, field_details_list, path)
            return None
        if self.is_awaitable(completed):
            return self._completed_later(completed, field, field_details_list, path)
        return completed

    async def complete_awaitable_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """As graphql-core does it, without a coroutine for an abort signal: there is none here."""
        try:
            completed = self.complete_value(
                return_type, field_details_list, info, path, await result, position_context
            )
            return await completed if self.is_awaitable(completed) else completed
        except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            self.handle_field_error(error, return_type, field_details_list, path)
            return None

    async def _completed_later(self, completed: Any, field: GraphQLField, details: Any, path: Path) -> Any:
        try:
            return await completed
        except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
            self.handle_field_error(error, field.type, details, path)
            return None

    def _arguments_of(self, field: GraphQLField, details: Any) -> Mapping[str, Any]:
        """Equal for every object that the field is asked of. The details are kept, so that their id stays
        theirs.
        """
        node = details[0].node
        if not (field.args or node.arguments):
            return {}
        known = self._arguments.get(id(details))
        if known is None:
            values = get_argument_values(
                field, node, self.variable_values, details[0].fragment_variable_values, self.hide_suggestions
            )
            known = self._arguments[id(details)] = (details, values)
        return known[1]


async def _joined(results: dict[str, Any], rest: Any) -> dict[str, Any]:
    results.update(await rest)
    return results


async def run(
    schema: GraphQLSchema,
    attributes: Attributes,
    document: DocumentNode,
    variables: Mapping[str, Any],
    operation_name: str | None,
    context: object,
) -> ExecutionResult:
    """Execute a valid document. Errors are in the result; variables that do not fit are errors without a
    path.
    """
    try:
        executor = AttributeExecutor.build(
            schema,
            document,
            context_value=context,
            raw_variable_values=dict(variables),
            operation_name=operation_name,
            attributes=attributes,
        )
        if isinstance(executor, list):
            return ExecutionResult(None, executor)
        result: Any = executor.execute_operation()
        if executor.is_awaitable(result):
            result = await result
    except Exception as error:  # noqa: BLE001 -- whatever it is, it has a place in the answer
        located = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        return ExecutionResult(None, [located])
    assert isinstance(result, ExecutionResult)
    return result
