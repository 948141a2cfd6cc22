"""Reporting people."""

from __future__ import annotations

import strawberry

from subgraphs.kit.errors import Refused
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.report_types import FOR_MODERATORS, checked_note, checked_why, note, reason, why
from subgraphs.kit.reports import ReportReason
from subgraphs.kit.user_errors import UserError, not_found
from subgraphs.kit.validation import Checks
from subgraphs.users import values
from subgraphs.users.types import User, UsersInfo, user_type


@strawberry.input(description="What is wrong with whom.")
class ReportUserInput:
    user_id: strawberry.ID = strawberry.field(description="Whoever it is.")
    reason: ReportReason = reason()
    note: str = note()


@strawberry.input(description="Whose reports lead to nothing, and why.")
class DismissUserReportsInput:
    user_id: strawberry.ID = strawberry.field(description="Somebody who was reported.")
    why: str = why()


@payload
class ReportUserPayload:
    user: User | None = outcome("Who was reported.")
    errors: list[UserError] = problems()


@payload
class DismissUserReportsPayload:
    user: User | None = outcome("Who was reported.")
    errors: list[UserError] = problems()


@strawberry.type(description="Reports about people.")
class ReportMutations:
    @mutation(
        ReportUserPayload,
        description="Tell moderators that something is wrong with somebody. Yours counts once, and nobody is "
        "told that it was you.",
    )
    async def report_user(self, info: UsersInfo, input: ReportUserInput) -> ReportUserPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        user_id, said = checks.id(input.user_id, "userId"), checked_note(checks, input.note)
        checks.done()
        user = await _there(info, values.UserId(user_id))
        await info.context.services.reporting.report(viewer, user, input.reason, said)
        return ReportUserPayload(user=user_type(user))

    @mutation(
        DismissUserReportsPayload,
        description=f"Decide that nothing is to be done about somebody. {FOR_MODERATORS}",
    )
    async def dismiss_user_reports(
        self, info: UsersInfo, input: DismissUserReportsInput
    ) -> DismissUserReportsPayload | None:
        request, checks = info.context.request, Checks()
        viewer, user_id = request.require_viewer(), checks.id(input.user_id, "userId")
        reason = checked_why(checks, input.why)
        checks.done()
        user = await _there(info, values.UserId(user_id))
        await info.context.services.reporting.dismiss(viewer, user, reason, request.actor)
        return DismissUserReportsPayload(user=user_type(user))


async def _there(info: UsersInfo, user_id: values.UserId) -> values.User:
    user = await info.context.loaders.by_id.load(user_id)
    if user is None:
        raise Refused(not_found("user", "userId"))
    return user
