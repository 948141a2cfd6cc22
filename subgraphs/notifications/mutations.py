"""What one can do in the notifications domain."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.notifications import values
from subgraphs.notifications.types import (
    NotificationSettings,
    NotificationsInfo,
    NotificationTemplate,
    PushDevice,
    device_type,
    settings_type,
    template_type,
)

LEFT = "How many are unread now."


@strawberry.input(description="What you have read.")
class MarkNotificationsReadInput:
    notification_ids: list[strawberry.ID] = strawberry.field(
        description="Up to 100 of yours; others are passed over."
    )


@strawberry.input(description="That you have read everything.")
class MarkAllNotificationsReadInput:
    until: datetime | None = strawberry.field(
        default=None,
        description="What happened up to then: happenedAt of the latest that you saw. Absent: everything.",
    )


@strawberry.input(description="Whether to be told of something somewhere.")
class NotificationChoiceInput:
    kind: values.Kind = strawberry.field(description="Of what.")
    channel: values.Channel = strawberry.field(description="Where.")
    is_on: bool = strawberry.field(description="Whether you want to be.")


@strawberry.input(description="What you want to be told, where and when. A field that is absent stays.")
class UpdateNotificationSettingsInput:
    quiet_from: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="22:00, by your clock; with quietUntil. Both null: no quiet hours.",
    )
    quiet_until: str | None = strawberry.field(default=strawberry.UNSET, description="07:00.")
    mail_timing: values.MailTiming | None = strawberry.field(
        default=strawberry.UNSET, description="When mails are sent."
    )
    choices: list[NotificationChoiceInput] = strawberry.field(
        default_factory=list, description="What is not in it stays; of two for the same the last counts."
    )


@strawberry.input(description="What notifications of a kind are to say.")
class PublishNotificationTemplateInput:
    kind: values.Kind = strawberry.field(description="Of which.")
    channel: values.Channel = strawberry.field(
        description="Where it is said; without one of their own the others say what IN_APP says."
    )
    language: values.Language = strawberry.field(description="In which language.")
    title: str = strawberry.field(description="Up to 200 characters, with $name slots.")
    one: str = strawberry.field(description="When one person did it: up to 1000 characters.")
    two: str | None = strawberry.field(default=None, description="When two did; absent: as for one.")
    many: str | None = strawberry.field(default=None, description="When more did; absent: as for one.")


@strawberry.input(description="A device that you want to be told on.")
class RegisterPushDeviceInput:
    address: str = strawberry.field(
        description="What its push service gave your application: up to 1000 ASCII characters. It is shown "
        "to nobody. One that is registered already is yours from now on."
    )
    name: str = strawberry.field(description="What you call it: 1 to 100 characters.")


@strawberry.input(description="A device that you do not want to be told on any more.")
class RemovePushDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.input(description="That the channels work again.")
class ReviveNotificationDeliveriesInput:
    most: int = strawberry.field(default=100, description="The oldest first, up to 1000.")


@payload
class MarkNotificationsReadPayload:
    unread_notification_count: int | None = outcome(LEFT)
    errors: list[UserError] = problems()


@payload
class MarkAllNotificationsReadPayload:
    unread_notification_count: int | None = outcome(LEFT)
    errors: list[UserError] = problems()


@payload
class UpdateNotificationSettingsPayload:
    settings: NotificationSettings | None = outcome("As they are now.")
    errors: list[UserError] = problems()


@payload
class RegisterPushDevicePayload:
    device: PushDevice | None = outcome("The device.")
    errors: list[UserError] = problems()


@payload
class RemovePushDevicePayload:
    removed_device_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class PublishNotificationTemplatePayload:
    template: NotificationTemplate | None = outcome("In force from now on.")
    errors: list[UserError] = problems()


@payload
class ReviveNotificationDeliveriesPayload:
    revived_count: int | None = outcome("How many are sent again.")
    errors: list[UserError] = problems()


@strawberry.type(description="What can be done.")
class Mutation:
    @mutation(MarkNotificationsReadPayload, description="Note that you have read some of your notifications.")
    async def mark_notifications_read(
        self, info: NotificationsInfo, input: MarkNotificationsReadInput
    ) -> MarkNotificationsReadPayload | None:
        viewer, inbox = info.context.request.require_viewer(), info.context.services.inbox
        left = await inbox.mark_read(viewer, input.notification_ids)
        return MarkNotificationsReadPayload(unread_notification_count=left)

    @mutation(MarkAllNotificationsReadPayload, description="Note that you have read all your notifications.")
    async def mark_all_notifications_read(
        self, info: NotificationsInfo, input: MarkAllNotificationsReadInput
    ) -> MarkAllNotificationsReadPayload | None:
        viewer, inbox = info.context.request.require_viewer(), info.context.services.inbox
        left = await inbox.mark_all_read(viewer, input.until)
        return MarkAllNotificationsReadPayload(unread_notification_count=left)

    @mutation(
        UpdateNotificationSettingsPayload,
        description="Say what you want to be told, where and when: of what is to come, and of what waits.",
    )
    async def update_notification_settings(
        self, info: NotificationsInfo, input: UpdateNotificationSettingsInput
    ) -> UpdateNotificationSettingsPayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        columns = changes(input, checks, clearable=("quiet_from", "quiet_until"))
        del columns["choices"]
        chosen = [(each.kind, each.channel, each.is_on) for each in input.choices]
        choices = info.context.services.choices
        settings = await choices.change(viewer, columns, chosen, checks, request.actor)
        return UpdateNotificationSettingsPayload(settings=settings_type(settings))

    @mutation(
        RegisterPushDevicePayload,
        description=f"Be told on a device, too. Of more than {values.MOST_DEVICES} the one that was "
        "registered longest ago is forgotten.",
    )
    async def register_push_device(
        self, info: NotificationsInfo, input: RegisterPushDeviceInput
    ) -> RegisterPushDevicePayload | None:
        request, checks = info.context.request, Checks()
        viewer, devices = request.require_viewer(), info.context.services.devices
        device = await devices.register(viewer, input.address, input.name, checks, request.actor)
        return RegisterPushDevicePayload(device=device_type(device))

    @mutation(RemovePushDevicePayload, description="Be told on a device no more.")
    async def remove_push_device(
        self, info: NotificationsInfo, input: RemovePushDeviceInput
    ) -> RemovePushDevicePayload | None:
        request, checks = info.context.request, Checks()
        viewer, devices = request.require_viewer(), info.context.services.devices
        device_id = values.DeviceId(checks.id(input.device_id, "deviceId"))
        gone = await devices.remove(viewer, device_id, checks, request.actor)
        return RemovePushDevicePayload(removed_device_id=strawberry.ID(str(gone)))

    @mutation(
        PublishNotificationTemplatePayload,
        description="Change what notifications of a kind say: a new version, in force at once. For "
        "administrators.",
    )
    async def publish_notification_template(
        self, info: NotificationsInfo, input: PublishNotificationTemplateInput
    ) -> PublishNotificationTemplatePayload | None:
        request, checks = info.context.request, Checks()
        viewer = request.require_viewer()
        new = values.Template(
            input.kind, input.channel, input.language, 0, input.title, input.one, input.two, input.many
        )
        wording = info.context.services.wording
        made = await wording.publish(viewer, new, checks, request.actor)
        return PublishNotificationTemplatePayload(template=template_type(made))

    @mutation(
        ReviveNotificationDeliveriesPayload,
        description="Send what was given up again: what a channel refused, or was away for for a day. For "
        "administrators.",
    )
    async def revive_notification_deliveries(
        self, info: NotificationsInfo, input: ReviveNotificationDeliveriesInput
    ) -> ReviveNotificationDeliveriesPayload | None:
        request, checks = info.context.request, Checks()
        viewer, wording = request.require_viewer(), info.context.services.wording
        count = await wording.revive(viewer, input.most, checks, request.actor)
        return ReviveNotificationDeliveriesPayload(revived_count=count)
