"""User by whichever of its keys another subgraph knows."""

from __future__ import annotations

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.users.loaders import UsersContext
from subgraphs.users.organization_values import OrganizationId
from subgraphs.users.types import User, user_type
from subgraphs.users.types.organizations import Organization, organization_type
from subgraphs.users.values import User as UserValue
from subgraphs.users.values import UserId


async def resolve_user(representation: Representation, context: UsersContext) -> User | None:
    user = await _load(representation, context)
    return None if user is None else user_type(user)


async def _load(representation: Representation, context: UsersContext) -> UserValue | None:
    if (text := key_text(representation, "id")) is not None:
        return await context.loaders.by_id.load(UserId(parse_id(text)))
    if (username := key_text(representation, "username")) is not None:
        return await context.loaders.by_username.load(username.lower())
    telegram_id = key_text(representation, "telegramId") or ""
    return (
        await context.loaders.by_telegram_id.load(int(telegram_id)) if is_telegram_id(telegram_id) else None
    )


def is_telegram_id(text: str) -> bool:
    """A positive 64-bit number in ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) < 2**63


async def resolve_organization(representation: Representation, context: UsersContext) -> Organization | None:
    if (text := key_text(representation, "id")) is not None:
        found = await context.loaders.organization_by_id.load(OrganizationId(parse_id(text)))
    else:
        slug = key_text(representation, "slug") or ""
        found = await context.loaders.organization_by_slug.load(slug.lower())
    return None if found is None else organization_type(found)


REFERENCES = {"User": resolve_user, "Organization": resolve_organization}
