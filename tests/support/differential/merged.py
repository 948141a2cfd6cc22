"""(A) The operation executed against one schema that knows everything."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    build_schema,
    execute_sync,
    parse,
)

from tests.support.differential.world import Obj, World


class MergedSchema:
    def __init__(self, api_schema_sdl: str) -> None:
        self.schema: GraphQLSchema = build_schema(api_schema_sdl)

    def execute(self, world: World, operation: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The data; raises AssertionError when the merged execution itself has errors."""

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
        assert not result.errors, f"the merged schema fails: {_first(result.errors)}"
        assert result.data is not None
        return result.data


def _first(errors: list[GraphQLError]) -> str:
    return errors[0].message
