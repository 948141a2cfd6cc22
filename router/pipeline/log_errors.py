"""What operators have to know goes to the log: masked errors of subgraphs, and subgraphs that failed.

One line per subgraph and code of an operation, with the first message in full, so that ten thousand errors
of one cause are one line.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

from router.executor.errors import ErrorPolicy, SubgraphError

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def log_masked(
    errors: Iterable[SubgraphError], policy: ErrorPolicy, operation: str | None, request_id: str | None
) -> None:
    """What a subgraph reported and `policy` shows to the client is not logged. O(errors)."""
    first: dict[tuple[str, str], SubgraphError] = {}
    counts: dict[tuple[str, str], int] = {}
    for error in errors:
        if policy.masks(error) or not error.reported:
            kind = (error.service, error.code)
            first.setdefault(kind, error)
            counts[kind] = counts.get(kind, 0) + 1
    for kind, error in first.items():
        logger.warning(
            'Subgraph "%s": %s at %s: %s (errors: %d, operation: %s, request: %s)',
            error.service,
            error.code,
            _one_line(".".join(map(str, error.path))) if error.path is not None else "no path",
            _one_line(error.message),
            counts[kind],
            operation or "unnamed",
            _one_line(request_id or "none"),
        )


def _one_line(text: str) -> str:
    """A subgraph or a client must not be able to write log lines of its own."""
    return _CONTROL.sub(" ", text[:MAX_CHARACTERS])
