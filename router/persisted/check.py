"""Whether operations fit a supergraph: parsed, validated and planned, as the router would do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode

from router.errors import RequestError
from router.operation.errors import OperationError
from router.persisted.manifest import PersistedOperation
from router.pipeline.parse import parse_document
from router.pipeline.validate import validate_document
from router.planner import QueryPlanner
from router.planner.errors import PlanningError
from schema.api_schema import api_schema


class Fault(msgspec.Struct, frozen=True):
    """Why an operation cannot be published. `line` and `column` are in its body and count from 1."""

    operation: PersistedOperation
    code: str
    message: str
    line: int | None = None
    column: int | None = None


class OperationCheck:
    """For one supergraph."""

    def __init__(self, planner: QueryPlanner) -> None:
        self._planner = planner
        self._schema: GraphQLSchema = api_schema(planner.supergraph)

    def faults(self, operations: Iterable[PersistedOperation]) -> Iterator[Fault]:
        """All of all operations. O(planning)."""
        for operation in operations:
            yield from self._faults_of(operation)

    def _faults_of(self, operation: PersistedOperation) -> Iterator[Fault]:
        try:
            document = parse_document(operation.body)
            validate_document(self._schema, document, introspection=True)
        except RequestError as error:
            for each in error.errors:
                yield _fault(operation, each)
            return
        except RecursionError:
            yield Fault(operation, "MAX_DEPTH_LIMIT", "The operation nests too deeply.")
            return
        yield from self._plan_faults(operation, document)

    def _plan_faults(self, operation: PersistedOperation, document: DocumentNode) -> Iterator[Fault]:
        named = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        names = [each.name.value if each.name else None for each in named]
        if not named or (operation.name and operation.name not in names):
            message = f"The body has no operation {operation.name!r}." if operation.name else "No operation."
            yield Fault(operation, "GRAPHQL_UNKNOWN_OPERATION_NAME", message)
            return
        for name in names:
            try:
                self._planner.plan(document, operation_name=name)
            except (OperationError, PlanningError) as error:
                yield Fault(operation, str(error.code), error.message)
            except RecursionError:
                yield Fault(operation, "MAX_DEPTH_LIMIT", "The operation nests too deeply.")


def _fault(operation: PersistedOperation, error: dict[str, Any]) -> Fault:
    place: dict[str, int] = next(iter(error.get("locations") or ()), {})
    code = error["extensions"]["code"]
    return Fault(operation, code, error["message"], place.get("line"), place.get("column"))
