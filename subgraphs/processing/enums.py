"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.processing import values

describe_enum(
    values.Status,
    "ProcessingStatus",
    "How far a job is.",
    {
        "PENDING": "It waits for a worker, or for its next try.",
        "PROCESSING": "A worker is at it.",
        "COMPLETED": "The track can be played.",
        "FAILED": "Nothing will come of it; the reason says why.",
    },
)
