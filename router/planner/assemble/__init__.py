"""Fetch graph → plan.

    requests.py   steps → requests          fetches.py   requests → Fetch, BatchFetch
    order.py      requests → Sequence, Parallel, Condition
    deferring.py  requests of deferred parts → Defer         deferred_parts.py   what the parts are

in: a fetch graph, the passes done, and the operation     out: plan nodes
"""

from router.planner.assemble.assemble import assemble
from router.planner.assemble.order import sequence

__all__ = ["assemble", "sequence"]
