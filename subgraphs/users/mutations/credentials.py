"""Passwords, addresses, and leaving."""

from __future__ import annotations

import strawberry

from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.scalars import EmailAddress
from subgraphs.kit.user_errors import UserError
from subgraphs.users.mutations.origin import origin
from subgraphs.users.types import User, UsersInfo, user_type

TOKEN = "From the mail; good once."  # noqa: S105 -- a description
PASSWORD = "The one you log in with."  # noqa: S105


@strawberry.input(description="Which address is to be proven.")
class RequestEmailVerificationInput:
    email: EmailAddress = strawberry.field(
        description="Your account's, not proven yet; any, when it has none."
    )


@strawberry.input(description="The proof that a mailbox is yours.")
class VerifyEmailInput:
    token: str = strawberry.field(description=TOKEN)


@strawberry.input(description="Another address for your account.")
class ChangeEmailInput:
    email: EmailAddress = strawberry.field(description="The new one.")
    password: str = strawberry.field(description=PASSWORD)


@strawberry.input(description="Whose password is lost.")
class RequestPasswordResetInput:
    email: EmailAddress = strawberry.field(description="The proven address of the account.")


@strawberry.input(description="A new password, by a token instead of the old one.")
class ResetPasswordInput:
    token: str = strawberry.field(description=TOKEN)
    password: str = strawberry.field(description="8 to 128 characters.")


@strawberry.input(description="A new password for the old one.")
class ChangePasswordInput:
    current_password: str = strawberry.field(description=PASSWORD)
    new_password: str = strawberry.field(description="8 to 128 characters.")


@strawberry.input(description="That you want to leave.")
class DeleteAccountInput:
    password: str = strawberry.field(description=PASSWORD)


@payload
class RequestEmailVerificationPayload:
    sent_to: EmailAddress | None = outcome("Where a mail is on its way to.")
    errors: list[UserError] = problems()


@payload
class VerifyEmailPayload:
    user: User | None = outcome("Whose address is proven now.")
    errors: list[UserError] = problems()


@payload
class ChangeEmailPayload:
    sent_to: EmailAddress | None = outcome("Where a mail is on its way to. The change waits for its answer.")
    errors: list[UserError] = problems()


@payload
class RequestPasswordResetPayload:
    sent_to: EmailAddress | None = outcome("Where a mail is on its way to, if an account has that address.")
    errors: list[UserError] = problems()


@payload
class ResetPasswordPayload:
    user: User | None = outcome("Who logs in with it now; every login has ended.")
    errors: list[UserError] = problems()


@payload
class ChangePasswordPayload:
    ended_logins: int | None = outcome("How many other logins that ended.")
    errors: list[UserError] = problems()


@payload
class DeleteAccountPayload:
    user_id: strawberry.ID | None = outcome("Whose account is gone.")
    errors: list[UserError] = problems()


@strawberry.type(description="Passwords, addresses, and leaving.")
class CredentialMutations:
    @mutation(
        RequestEmailVerificationPayload, description="Have the mail sent again that proves your address."
    )
    async def request_email_verification(
        self, info: UsersInfo, input: RequestEmailVerificationInput
    ) -> RequestEmailVerificationPayload | None:
        request, credentials = info.context.request, info.context.services.credentials
        viewer = request.require_viewer()
        sent = await credentials.request_verification(viewer, input.email, request.actor)
        return RequestEmailVerificationPayload(sent_to=EmailAddress(sent))

    @mutation(VerifyEmailPayload, description="Prove that an address is yours, by the token of a mail.")
    async def verify_email(self, info: UsersInfo, input: VerifyEmailInput) -> VerifyEmailPayload | None:
        request = info.context.request
        user = await info.context.services.credentials.verify_email(input.token, origin(request))
        return VerifyEmailPayload(user=user_type(user))

    @mutation(
        ChangeEmailPayload,
        description="Give your account another address. It takes effect once verifyEmail proves the new one; "
        "the old one is told.",
    )
    async def change_email(self, info: UsersInfo, input: ChangeEmailInput) -> ChangeEmailPayload | None:
        viewer = info.context.request.require_viewer()
        credentials = info.context.services.credentials
        sent = await credentials.change_email(viewer, input.email, input.password)
        return ChangeEmailPayload(sent_to=EmailAddress(sent))

    @mutation(
        RequestPasswordResetPayload,
        description="Have a mail sent that lets you choose a new password. "
        "The answer is the same for an address without an account.",
    )
    async def request_password_reset(
        self, info: UsersInfo, input: RequestPasswordResetInput
    ) -> RequestPasswordResetPayload | None:
        credentials = info.context.services.credentials
        sent = await credentials.request_reset(input.email, origin(info.context.request))
        return RequestPasswordResetPayload(sent_to=EmailAddress(sent))

    @mutation(
        ResetPasswordPayload,
        description="Choose a new password by the token of a mail; ends every login.",
        is_dear=True,
    )
    async def reset_password(self, info: UsersInfo, input: ResetPasswordInput) -> ResetPasswordPayload | None:
        credentials = info.context.services.credentials
        user = await credentials.reset_password(input.token, input.password, origin(info.context.request))
        return ResetPasswordPayload(user=user_type(user))

    @mutation(
        ChangePasswordPayload, description="Choose a new password; ends every other login.", is_dear=True
    )
    async def change_password(
        self, info: UsersInfo, input: ChangePasswordInput
    ) -> ChangePasswordPayload | None:
        request, credentials = info.context.request, info.context.services.credentials
        viewer, current, new = request.require_viewer(), input.current_password, input.new_password
        ended = await credentials.change_password(viewer, current, new, request.actor)
        return ChangePasswordPayload(ended_logins=ended)

    @mutation(
        DeleteAccountPayload,
        description="Delete your account and all that is yours in it, at once and for good.",
        is_dear=True,
    )
    async def delete_account(self, info: UsersInfo, input: DeleteAccountInput) -> DeleteAccountPayload | None:
        request = info.context.request
        viewer, departure = request.require_viewer(), info.context.services.departure
        gone = await departure.delete(viewer, input.password, request.actor)
        return DeleteAccountPayload(user_id=strawberry.ID(str(gone)))
