"""(A) The operation executed against one schema that knows everything."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
)

from tests.support.differential.world import Fault, Obj, World


class MergedSchema:
    def __init__(self, api_schema_sdl: str) -> None:
        self.schema: GraphQLSchema = build_schema(api_schema_sdl)

    def execute(
        self, world: World, operation: str, variables: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, list[list[str | int]]]:
        """The data and the paths of the errors, which are all of the world's faults."""

        def resolve(source: Obj | None, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            obj = source or Obj(info.parent_type.name, "root")
            return world.resolve(obj, info.field_name, arguments)

        def type_of(value: Obj, info: GraphQLResolveInfo[Any], _: object) -> str:
            return value.type

        result = execute_sync(
            self.schema,
            parse(operation),
            variable_values=variables,
            field_resolver=resolve,
            type_resolver=type_of,
        )
        errors = result.errors or []
        for error in errors:
            assert isinstance(error.original_error, Fault), f"the merged schema fails: {error.message}"
        return result.data, [list(error.path or ()) for error in errors]
