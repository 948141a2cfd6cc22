"""The planner's view of a client's operation.

    document ── normalize ──> Operation
                                fragments expanded, type conditions flattened to one level, fields merged by
                                response key, @skip/@include with literals decided and with variables kept
                                as conditions, introspection fields left out

A selection set is a tuple of `Field`. Each says for itself on which type it is selected (`on`, None for the
type of the position) and under which conditions, so there are no fragments to walk:

    { pet { name ...on Dog @include(if: $d) { bark owner { name } } } }

    pet: [name], [bark on Dog if d], [owner on Dog if d: [name]]
"""

from router.operation.errors import OperationError, OperationTooDeepError
from router.operation.model import TYPENAME, Condition, Defer, Field, Operation, Variable
from router.operation.normalize import normalize_operation
from router.operation.print import print_operation

__all__ = [
    "TYPENAME",
    "Condition",
    "Defer",
    "Field",
    "Operation",
    "OperationError",
    "OperationTooDeepError",
    "Variable",
    "normalize_operation",
    "print_operation",
]
