"""What the service asks of a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from subgraphs.kit.audit import Actor
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.kit.repeats import Attempt
from subgraphs.users.organization_values import (
    Acting,
    Denied,
    Invitation,
    InvitationId,
    InvitationStatus,
    Member,
    MemberRole,
    Membership,
    NewOrganization,
    Organization,
    OrganizationId,
    Parted,
)
from subgraphs.users.values import (
    ApiToken,
    Block,
    Credentials,
    Follow,
    FollowRequest,
    LastOfRole,
    LoginId,
    NewRefreshToken,
    NewUser,
    Privacy,
    ProfileChange,
    ProofKind,
    Reader,
    Role,
    RoleChange,
    Rotation,
    Session,
    Settings,
    Stats,
    User,
    UserFilter,
    UserId,
    UserOrder,
)


class UserRepository(Protocol):
    """`reader` is who will see the answer: who is not there for them is not in it, and of the others what
    they show.
    """

    async def find_by_ids(self, ids: Sequence[UserId], reader: Reader) -> Mapping[UserId, User]: ...

    async def find_by_usernames(self, names: Sequence[str], reader: Reader) -> Mapping[str, User]:
        """Keyed by the lower-case name, which is also how they are looked up."""
        ...

    async def find_by_telegram_ids(self, ids: Sequence[int], reader: Reader) -> Mapping[int, User]: ...

    async def list_users(
        self, order: UserOrder, wanted: UserFilter, reader: Reader, page: PageRequest
    ) -> Page[User]: ...

    async def count_users(self, wanted: UserFilter, reader: Reader) -> int: ...

    async def update(self, user_id: UserId, change: ProfileChange, actor: Actor) -> User | None:
        """None when there is no such user."""
        ...

    async def list_followers(
        self, users: Sequence[UserId], reader: Reader, page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]: ...

    async def list_following(
        self, users: Sequence[UserId], reader: Reader, page: PageRequest
    ) -> Mapping[UserId, Page[Follow]]: ...

    async def count_followers(self, users: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]: ...

    async def count_following(self, users: Sequence[UserId], reader: Reader) -> Mapping[UserId, int]: ...

    async def find_followed(self, follower: UserId, users: Sequence[UserId]) -> frozenset[UserId]:
        """Those of `users` that `follower` follows."""
        ...

    async def find_requested(self, requester: UserId, users: Sequence[UserId]) -> frozenset[UserId]:
        """Those of `users` that `requester` waits for."""
        ...


class RelationRepository(Protocol):
    """Every change is idempotent, and answers with the other person as who changes it sees them from then on;
    with None when there is nobody there for them.
    """

    async def follow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None:
        """A private account is asked."""
        ...

    async def unfollow(self, follower: UserId, followed: UserId, actor: Actor) -> User | None: ...

    async def remove_follower(self, user_id: UserId, follower: UserId, actor: Actor) -> User | None: ...

    async def withdraw(self, requester: UserId, requested: UserId, actor: Actor) -> User | None: ...

    async def accept(self, requested: UserId, requester: UserId, actor: Actor) -> User | None:
        """None also when they did not ask, or no longer do, and do not follow."""
        ...

    async def decline(self, requested: UserId, requester: UserId, actor: Actor) -> User | None:
        """None also when they did not ask, or no longer do."""
        ...

    async def block(self, blocker: UserId, blocked: UserId, actor: Actor) -> User | None:
        """Ends follows and requests in both directions, in the same transaction."""
        ...

    async def unblock(self, blocker: UserId, blocked: UserId, actor: Actor) -> User | None: ...

    async def list_received(self, reader: Reader, page: PageRequest) -> Page[FollowRequest]: ...

    async def list_sent(self, reader: Reader, page: PageRequest) -> Page[FollowRequest]: ...

    async def list_blocks(self, reader: Reader, page: PageRequest) -> Page[Block]: ...

    async def count_received(self, user_id: UserId) -> int: ...

    async def count_sent(self, user_id: UserId) -> int: ...

    async def count_blocks(self, user_id: UserId) -> int: ...


class StatsRepository(Protocol):
    async def find(self, ids: Sequence[UserId]) -> Mapping[UserId, Stats]: ...


class ChoiceRepository(Protocol):
    """None when there is no such user."""

    async def find_settings(self, ids: Sequence[UserId]) -> Mapping[UserId, Settings]: ...

    async def find_privacy(self, ids: Sequence[UserId]) -> Mapping[UserId, Privacy]: ...

    async def update_settings(
        self, user_id: UserId, columns: Mapping[str, Any], actor: Actor
    ) -> Settings | None: ...

    async def update_privacy(
        self, user_id: UserId, columns: Mapping[str, Any], actor: Actor
    ) -> Privacy | None:
        """Who turns public lets in everybody who waits."""
        ...


class AccountRepository(Protocol):
    async def open(self, user: NewUser, login: LoginId, token: NewRefreshToken, actor: Actor) -> User:
        """An account with its first login, and the mail to its address: all of it or nothing. When the
        address is another account's already, this one has a placeholder and keeps the claim. Raises
        Refused (UsernameTaken).
        """
        ...

    async def find_credentials(self, name_or_email: str) -> Credentials | None:
        """By username, or by an address that was verified."""
        ...

    async def renew_password_hash(self, user_id: UserId, old: str, new: str) -> None:
        """Nothing happens when the hash is no longer `old`."""
        ...


class LoginRepository(Protocol):
    """Whatever ends a login ends its session too, if need be later."""

    async def start(self, user_id: UserId, login: LoginId, token: NewRefreshToken, actor: Actor) -> None: ...

    async def rotate(self, token_hash: str, successor: NewRefreshToken) -> Rotation:
        """Spend a token and store its successor, atomically, by the store's clock: those of two processes may
        differ by more than the seconds that matter here. One that was spent seconds ago (another tab)
        has one more successor; one spent before that ends its login.
        """
        ...

    async def end_by_token(self, token_hash: str, actor: Actor) -> frozenset[LoginId]:
        """End the login this token belongs to; which one that ended, if any."""
        ...

    async def end(self, user_id: UserId, login: LoginId, actor: Actor) -> Session | None:
        """Idempotent. None when the user has no such login."""
        ...

    async def end_all(
        self, user_id: UserId, actor: Actor, except_token: str | None = None
    ) -> frozenset[LoginId]:
        """End every login of a user but that of the token with this hash; which ones that ended."""
        ...

    async def list_live(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[Session]]:
        """The logins that go on, the one seen last first; at most a hundred."""
        ...


class CredentialRepository(Protocol):
    async def find(self, user_id: UserId) -> Credentials | None: ...

    async def claim(self, user_id: UserId, address: str, actor: Actor) -> None:
        """The address that an account without one says is its own."""
        ...

    async def request_mail(self, kind: ProofKind, address: str, user_id: UserId | None) -> None:
        """A mail with a token, by a job that decides what it says."""
        ...

    async def find_by_reset(self, token_hash: str) -> User | None:
        """Whose password a token lets one reset, while it does."""
        ...

    async def change_password(
        self, user_id: UserId, new_hash: str, actor: Actor, keep: UUID | None
    ) -> frozenset[LoginId]:
        """Ends every login but `keep`; which ones that ended."""
        ...

    async def reset_password(
        self, token_hash: str, new_hash: str, request_id: str | None
    ) -> tuple[UserId, frozenset[LoginId]] | None:
        """Uses the token up. None when it is no good."""
        ...

    async def verify_email(self, token_hash: str, request_id: str | None) -> User | None:
        """Uses the token up; who has the address now. None when it is no good, or the address somebody
        else's.
        """
        ...


class RoleRepository(Protocol):
    """Both are idempotent, and None when there is no such user."""

    async def grant(self, user_id: UserId, role: Role, actor: Actor) -> RoleChange | None: ...

    async def take(self, user_id: UserId, role: Role, actor: Actor) -> RoleChange | LastOfRole | None: ...


class ApiTokenRepository(Protocol):
    async def add(self, token: ApiToken, token_hash: str, actor: Actor) -> bool:
        """False when the user has as many as one may."""
        ...

    async def use(self, token_hash: str) -> tuple[User, ApiToken] | None:
        """Whose it is, and what for; None when it is no good."""
        ...

    async def revoke(self, user_id: UserId, token: LoginId, actor: Actor) -> ApiToken | None:
        """Idempotent. None when the user has no such token."""
        ...

    async def list_good(self, user_ids: Sequence[UserId]) -> Mapping[UserId, list[ApiToken]]: ...


class OrganizationRepository(Protocol):
    """What manages an organization goes by `Acting.tenant`, and answers Denied when the role does not allow
    it, None when what it is about is not there.
    """

    async def find_by_ids(self, ids: Sequence[OrganizationId]) -> Mapping[OrganizationId, Organization]: ...

    async def find_by_slugs(self, slugs: Sequence[str]) -> Mapping[str, Organization]: ...

    async def list_memberships(self, user_id: UserId) -> list[Membership]: ...

    async def list_members(self, who: Acting, reader: Reader, request: PageRequest) -> Page[Member]: ...

    async def count_members(self, who: Acting, reader: Reader) -> int: ...

    async def list_invitations(self, who: Acting, request: PageRequest) -> Page[Invitation]: ...

    async def count_invitations(self, who: Acting) -> Mapping[InvitationStatus, int]: ...

    async def create(
        self, owner: UserId, new: NewOrganization, actor: Actor, attempt: Attempt | None
    ) -> Organization:
        """Raises Refused (SlugTaken, Conflict)."""
        ...

    async def update(self, who: Acting, columns: Mapping[str, str], actor: Actor) -> Organization | Denied:
        """Raises Refused (SlugTaken)."""
        ...

    async def delete(self, who: Acting, actor: Actor) -> frozenset[LoginId] | Denied:
        """Which logins acted for it."""
        ...

    async def hand_over(self, who: Acting, to: UserId, actor: Actor) -> Organization | Denied | None: ...

    async def change_role(
        self, who: Acting, reader: Reader, user_id: UserId, role: MemberRole, actor: Actor
    ) -> Member | Denied | None: ...

    async def remove(self, who: Acting, user_id: UserId, actor: Actor) -> Parted | Denied | None: ...

    async def invite(
        self, who: Acting, email: str, role: MemberRole, actor: Actor
    ) -> Invitation | Denied: ...

    async def revoke(
        self, who: Acting, invitation: InvitationId, actor: Actor
    ) -> Invitation | Denied | None: ...

    async def answer(
        self, user_id: UserId, token_hash: str, status: InvitationStatus, actor: Actor
    ) -> Organization | None:
        """Uses the invitation up. None when it is no good."""
        ...

    async def switch(
        self, user_id: UserId, login: LoginId, to: OrganizationId | None, actor: Actor
    ) -> tuple[User, Session] | Denied | None:
        """None when the login has ended."""
        ...


class TelegramRepository(Protocol):
    async def find(self, telegram_id: int) -> User | None: ...

    async def add(self, telegram_id: int, new: NewUser, actor: Actor) -> User | None:
        """None when the number or the name was taken meanwhile."""
        ...

    async def is_free(self, username: str) -> bool: ...

    async def link(self, user_id: UserId, telegram_id: int | None, actor: Actor) -> User | bool:
        """The user with the link, or without one; False when it is another account's, True when the user is
        gone.
        """
        ...


class DepartureRepository(Protocol):
    async def export(self, user_id: UserId) -> Mapping[str, Any] | None: ...

    async def delete(self, user_id: UserId, actor: Actor) -> frozenset[LoginId] | None:
        """Which logins that ended. None when they are gone already."""
        ...
