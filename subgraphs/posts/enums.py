"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.posts import values

describe_enum(
    values.PostType,
    "PostType",
    "What a post shows.",
    {
        "TEXT": "Text alone.",
        "IMAGES": "Pictures, with or without text.",
        "VIDEO": "A video, with or without text and pictures.",
        "EVENT": "An event.",
        "POLL": "A poll, with or without text.",
    },
)
describe_enum(
    values.Visibility,
    "PostVisibility",
    "Who sees a post, beside its author and administrators.",
    {
        "PUBLIC": "Everybody; of a private account: who follows it.",
        "FOLLOWERS": "Who follows the author.",
        "PRIVATE": "Nobody else.",
    },
)
describe_enum(
    values.ShareTarget,
    "ShareTarget",
    "Where a post is taken to.",
    {
        "LINK": "Its address was copied.",
        "MESSAGE": "To somebody, as a message.",
        "EMAIL": "By mail.",
        "OTHER_APP": "Into another application.",
    },
)
describe_enum(
    values.PostOrder,
    "PostOrder",
    "How posts are listed.",
    {"NEWEST": "What was written last is first.", "OLDEST": "What was written first is first."},
)
