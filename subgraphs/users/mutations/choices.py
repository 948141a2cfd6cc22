"""Settings and privacy, changed by whose they are."""

from __future__ import annotations

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.scalars import TimeZone
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.users import values
from subgraphs.users.types import UsersInfo
from subgraphs.users.types.choices import (
    EMAIL,
    FOLLOWS,
    LISTED,
    PRIVATE,
    PROFILE,
    UserPrivacy,
    UserSettings,
    privacy_type,
    settings_type,
)


@strawberry.input(description="How you would like things. A field that is absent stays.")
class UpdateSettingsInput:
    language: values.Language | None = strawberry.field(
        default=strawberry.UNSET, description="What you read."
    )
    theme: values.Theme | None = strawberry.field(default=strawberry.UNSET, description="How things look.")
    timezone: TimeZone | None = strawberry.field(
        default=strawberry.UNSET, description="In which times are shown to you."
    )


@strawberry.input(description="Who sees what of you. A field that is absent stays.")
class UpdatePrivacyInput:
    is_private: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"{PRIVATE} Turning public lets in everybody who waits; turning private keeps followers.",
    )
    is_listed: bool | None = strawberry.field(default=strawberry.UNSET, description=LISTED)
    profile_audience: values.Audience | None = strawberry.field(default=strawberry.UNSET, description=PROFILE)
    email_audience: values.Audience | None = strawberry.field(default=strawberry.UNSET, description=EMAIL)
    follows_audience: values.Audience | None = strawberry.field(default=strawberry.UNSET, description=FOLLOWS)


@payload
class UpdateSettingsPayload:
    settings: UserSettings | None = outcome("As they are now.")
    errors: list[UserError] = problems()


@payload
class UpdatePrivacyPayload:
    privacy: UserPrivacy | None = outcome("As it is now.")
    errors: list[UserError] = problems()


@strawberry.type(description="Settings and privacy.")
class ChoiceMutations:
    @mutation(UpdateSettingsPayload, description="Say how you would like things.")
    async def update_settings(
        self, info: UsersInfo, input: UpdateSettingsInput
    ) -> UpdateSettingsPayload | None:
        request, checks = info.context.request, Checks()
        viewer, columns = request.require_viewer(), changes(input, checks)
        choices = info.context.services.choices
        settings = await choices.update_settings(viewer, columns, checks, request.actor)
        return UpdateSettingsPayload(settings=settings_type(settings))

    @mutation(UpdatePrivacyPayload, description="Say who sees what of you; it takes effect at once.")
    async def update_privacy(self, info: UsersInfo, input: UpdatePrivacyInput) -> UpdatePrivacyPayload | None:
        request, checks = info.context.request, Checks()
        viewer, columns = request.require_viewer(), changes(input, checks)
        choices = info.context.services.choices
        privacy = await choices.update_privacy(viewer, columns, checks, request.actor)
        return UpdatePrivacyPayload(privacy=privacy_type(privacy))
