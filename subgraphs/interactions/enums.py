"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.interactions import values
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.CommentOrder,
    "CommentOrder",
    "How comments are listed.",
    {
        "NEWEST": "What was written last is first.",
        "OLDEST": "What was written first is first.",
        "MOST_LIKED": "What most people like is first; of those liked alike, the newest.",
    },
)
