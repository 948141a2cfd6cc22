"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.users import organization_values, values

describe_enum(
    values.Role,
    "Role",
    "What an account is for.",
    {
        "USER": "Everybody.",
        "ADMIN": "Keeps the platform in order: may see and remove what others made.",
        "TEACHER": "Teaches at the school.",
        "STUDENT": "Learns at the school.",
        "MODERATOR": "Decides about what was reported.",
    },
)
describe_enum(
    values.ApiScope,
    "ApiScope",
    "What a program may do in its owner's name.",
    {
        "READ": "What every token may: see what its owner sees.",
        "WRITE": "Mutations.",
        "ADMIN": "What its owner may as an administrator or by another role.",
    },
)
describe_enum(
    values.UserOrder,
    "UserOrder",
    "How people are listed.",
    {"NEWEST": "Who joined last is first.", "OLDEST": "Who joined first is first.", "USERNAME": "By name."},
)
describe_enum(
    values.Audience,
    "Audience",
    "Who sees a part of a person, beside themselves and administrators.",
    {
        "EVERYONE": "Also who is not logged in. Of a private account: its followers.",
        "FOLLOWERS": "Who follows them.",
        "NOBODY": "Nobody else.",
    },
)
describe_enum(
    values.Language,
    "Language",
    "What somebody reads.",
    {"EN": "English.", "DE": "German.", "RU": "Russian."},
)
describe_enum(
    values.Theme,
    "Theme",
    "How things look.",
    {"SYSTEM": "As the device is set.", "LIGHT": "Dark on light.", "DARK": "Light on dark."},
)
describe_enum(
    organization_values.MemberRole,
    "MemberRole",
    "What a member may do in an organization.",
    {
        "OWNER": "Everything. There is one.",
        "ADMIN": "Change its facts, invite and remove members.",
        "MEMBER": "Act for it.",
    },
)
describe_enum(
    organization_values.InvitationStatus,
    "InvitationStatus",
    "What came of an invitation.",
    {
        "PENDING": "There is no answer yet.",
        "ACCEPTED": "They joined.",
        "DECLINED": "They would not.",
        "REVOKED": "It was taken back.",
    },
)
