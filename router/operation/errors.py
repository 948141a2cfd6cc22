"""An operation that cannot be planned because of what it says.

OperationError              .code, .message
  UnknownOperationError     GRAPHQL_UNKNOWN_OPERATION_NAME
  InvalidOperationError     GRAPHQL_VALIDATION_FAILED: the document does not fit the schema
  OperationTooLargeError    MAX_OPERATION_SIZE_LIMIT: fragments that expand beyond all measure
  OperationTooDeepError     MAX_DEPTH_LIMIT: selections nested deeper than can be planned
"""

from __future__ import annotations


class OperationError(Exception):
    """What the client sent cannot be planned; `message` may be shown to the client."""

    code = "GRAPHQL_VALIDATION_FAILED"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class InvalidOperationError(OperationError):
    """The document does not fit the schema. A validated document never gets here."""


class UnknownOperationError(OperationError):
    code = "GRAPHQL_UNKNOWN_OPERATION_NAME"


class OperationTooLargeError(OperationError):
    code = "MAX_OPERATION_SIZE_LIMIT"

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"The operation selects more than {limit} fields once its fragments are expanded")


class OperationTooDeepError(OperationError):
    code = "MAX_DEPTH_LIMIT"

    def __init__(self) -> None:
        super().__init__("The operation nests too deeply to be planned")
