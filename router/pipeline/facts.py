"""What the pipeline tells about one operation to those that watch; nobody watching, nothing is told.

Times are of `time.perf_counter`, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import msgspec

from router.errors import GraphQLErrorDict
from router.pipeline.prepare import PreparedOperation


class OperationFacts(msgspec.Struct):
    """`operation` is None for one that was refused before it was prepared. `text` is what was prepared.

    Costs are None where they are not worked out; an operation that was too expensive has its estimate.
    """

    text: str = ""
    operation: PreparedOperation | None = None
    began: float = msgspec.field(default_factory=perf_counter)
    prepared: float | None = None
    executed: float | None = None
    fetches: int = 0
    codes: tuple[str, ...] = ()
    estimated_cost: float | None = None
    actual_cost: float | None = None


def codes_of(errors: Sequence[GraphQLErrorDict]) -> tuple[str, ...]:
    """Each code once, in the order of the errors."""
    if not errors:
        return ()
    return tuple(dict.fromkeys(str(error.get("extensions", {}).get("code", "")) for error in errors))
