"""The closed sets of what is said about events, described for clients."""

from __future__ import annotations

from subgraphs.events import values_said
from subgraphs.kit.enums import describe_enum

describe_enum(
    values_said.QuestionOrder,
    "EventQuestionOrder",
    "How questions are listed.",
    {
        "MOST_UPVOTED": "What most people want answered is first, of those the newest.",
        "NEWEST": "What was asked last is first.",
    },
)
describe_enum(
    values_said.ReviewOrder,
    "EventReviewOrder",
    "How reviews are listed.",
    {
        "NEWEST": "What was written last is first.",
        "HIGHEST": "The best rating is first, of those the newest.",
        "LOWEST": "The worst rating is first, of those the oldest.",
    },
)
