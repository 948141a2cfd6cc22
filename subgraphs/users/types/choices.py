"""Settings and privacy in GraphQL."""

from __future__ import annotations

import strawberry

from subgraphs.kit.scalars import TimeZone
from subgraphs.users import enums as _described  # noqa: F401 -- before they are used
from subgraphs.users import values

PRIVATE = (
    "Whether one follows them by their leave alone. Their profile and follows are then for followers at most."
)
LISTED = "Whether they stand in lists of people and are found by search; by their whole name they always are."
PROFILE = "Who sees their names, picture, what they say about themselves, and when they last changed it."
EMAIL = "Who sees their address, once it is proven."
FOLLOWS = "Who sees whom they follow and who follows them, and how many."


@strawberry.type(description="How somebody would like things: for the programs they use.")
class UserSettings:
    language: values.Language = strawberry.field(description="What they read.")
    theme: values.Theme = strawberry.field(description="How things look.")
    timezone: TimeZone = strawberry.field(description="In which times are shown to them.")


@strawberry.type(description="Who sees what of somebody. They themselves and administrators see everything.")
class UserPrivacy:
    is_private: bool = strawberry.field(description=PRIVATE)
    is_listed: bool = strawberry.field(description=LISTED)
    profile_audience: values.Audience = strawberry.field(description=PROFILE)
    email_audience: values.Audience = strawberry.field(description=EMAIL)
    follows_audience: values.Audience = strawberry.field(description=FOLLOWS)


def settings_type(settings: values.Settings) -> UserSettings:
    return UserSettings(
        language=settings.language, theme=settings.theme, timezone=TimeZone(settings.timezone)
    )


def privacy_type(privacy: values.Privacy) -> UserPrivacy:
    return UserPrivacy(
        is_private=privacy.is_private,
        is_listed=privacy.is_listed,
        profile_audience=privacy.profile_audience,
        email_audience=privacy.email_audience,
        follows_audience=privacy.follows_audience,
    )
