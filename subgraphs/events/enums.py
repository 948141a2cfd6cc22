"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.events import searches, values
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.EventStatus,
    "EventStatus",
    "What an event is at the moment.",
    {
        "DRAFT": "Seen by its host and its organization alone.",
        "PUBLISHED": "Everybody sees it and may answer; it is not over.",
        "CANCELLED": "It will not take place.",
        "COMPLETED": "It is over.",
    },
)
describe_enum(
    values.InvitationStatus,
    "EventInvitationStatus",
    "What came of an invitation to an event.",
    {
        "PENDING": "There is no answer yet.",
        "ACCEPTED": "They said they come.",
        "DECLINED": "They would not.",
    },
)
describe_enum(
    values.EventCategory,
    "EventCategory",
    "What people do there.",
    {
        "COFFEE": "Meet over coffee.",
        "FOOD": "Eat or cook together.",
        "GAMING": "Play, on boards or screens.",
        "SPORTS": "Move, or watch others do it.",
        "MUSIC": "Listen to music, or make it.",
        "MOVIES": "Watch films.",
        "STUDY": "Learn together.",
        "ART": "See art, or make it.",
        "OTHER": "Something else.",
    },
)
describe_enum(
    values.AttendanceStatus,
    "AttendanceStatus",
    "An answer to an event.",
    {
        "GOING": "Comes, and takes a place.",
        "INTERESTED": "Might come; takes no place.",
        "DECLINED": "Does not come. Told to themselves, the host and administrators alone.",
    },
)
describe_enum(
    values.VenueOrder,
    "VenueOrder",
    "How venues are listed.",
    {
        "NAME": "By name.",
        "CITY": "By town, within it by name.",
        "NEWEST": "What was added last is first.",
        "OLDEST": "What was added first is first.",
    },
)
describe_enum(
    values.EventOrder,
    "EventOrder",
    "How events are listed.",
    {"EARLIEST": "What starts first is first.", "LATEST": "What starts last is first."},
)
describe_enum(
    searches.EventSearchOrder,
    "EventSearchOrder",
    "How events that were found are listed.",
    {
        "RELEVANCE": "How well the title is like the text; needs text.",
        "DISTANCE": "What is nearest is first; needs near.",
        "STARTS_AT": "What starts first is first.",
    },
)
