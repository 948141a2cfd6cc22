"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.groups import values
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.GroupStatus,
    "GroupStatus",
    "Whether a group goes on.",
    {"ACTIVE": "It meets, and takes members.", "ARCHIVED": "It is over; nothing about it changes."},
)
describe_enum(
    values.InvitationState,
    "GroupInvitationState",
    "Whether one may join by an invitation.",
    {
        "OPEN": "One may.",
        "EXPIRED": "Its time is over.",
        "USED_UP": "As many joined by it as may.",
        "REVOKED": "It was taken back.",
    },
)
