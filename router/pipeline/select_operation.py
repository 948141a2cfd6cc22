"""Which operation of the document to run."""

from __future__ import annotations

from graphql import DocumentNode, OperationDefinitionNode

from router.errors import RefusedOperation

UNKNOWN_OPERATION_NAME = "GRAPHQL_UNKNOWN_OPERATION_NAME"


def select_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """Raises `RefusedOperation`."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if not operations:
        raise RefusedOperation("The document has no operation.", code=UNKNOWN_OPERATION_NAME)
    if name is None:
        if len(operations) > 1:
            raise RefusedOperation(
                "Must provide operation name if query contains multiple operations.",
                code=UNKNOWN_OPERATION_NAME,
            )
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise RefusedOperation(f'Unknown operation named "{name}".', code=UNKNOWN_OPERATION_NAME)
