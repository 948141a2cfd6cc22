"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.notifications import values

describe_enum(
    values.Kind,
    "NotificationKind",
    "What happened.",
    {
        "POST_LIKED": "People like your post.",
        "COMMENT_LIKED": "People like your comment.",
        "POST_COMMENTED": "People commented on your post.",
        "COMMENT_ANSWERED": "People answered your comment.",
        "MENTIONED": "Somebody mentioned you in a post.",
        "FOLLOWED": "People follow you.",
        "FOLLOW_REQUESTED": "People ask to follow you.",
        "FOLLOW_ACCEPTED": "People let you follow them.",
        "EVENT_INVITED": "People invite you to an event.",
        "INVITATION_ACCEPTED": "People whom you invited come.",
        "EVENT_QUESTION_ASKED": "People ask something about your event.",
        "EVENT_QUESTION_ANSWERED": "What you asked about an event is answered.",
        "EVENT_MOVED": "An event that you have a seat at is at another time.",
        "EVENT_CANCELLED": "An event that you were registered for does not take place.",
        "EVENT_SOON": "An event that you have a seat at begins within a day.",
        "REGISTRATION_RECEIVED": "People registered for your event.",
        "REGISTRATION_CONFIRMED": "You have a ticket.",
        "REGISTRATION_WAITLISTED": "You stand in the queue.",
        "REGISTRATION_ENDED": "Your registration ended: it was not paid, or the host ended it.",
        "SEAT_OFFERED": "A seat is free for you: it waits to be paid.",
        "TICKET_RECEIVED": "Somebody gave you a ticket.",
        "PAYMENT_SUCCEEDED": "Your payment has arrived.",
        "PAYMENT_FAILED": "Your payment did not succeed.",
        "REFUND_SUCCEEDED": "Money goes back to you.",
        "LESSON_SCHEDULED": "There is a new lesson, or a series of them.",
        "LESSON_MOVED": "A lesson is at another time.",
        "LESSON_CANCELLED": "A lesson does not take place.",
        "LESSON_SOON": "A lesson begins within the hour.",
        "GROUP_JOINED": "Students joined your group.",
    },
)
describe_enum(
    values.Channel,
    "NotificationChannel",
    "Where somebody is told.",
    {
        "IN_APP": "In their list of notifications.",
        "MAIL": "By mail, at the address that they proved to be theirs.",
        "TELEGRAM": "By the bot, when their account is linked to Telegram.",
        "PUSH": "On the devices that they registered.",
    },
)
describe_enum(
    values.MailTiming,
    "NotificationMailTiming",
    "When mails are sent.",
    {
        "AT_ONCE": "When it happens; what can wait is gathered for five minutes.",
        "DAILY": "All of a day in one mail, at eight in the morning by your clock.",
    },
)
describe_enum(
    values.Language,
    "NotificationLanguage",
    "In which language a text is.",
    {"EN": "English.", "DE": "German.", "RU": "Russian."},
)
