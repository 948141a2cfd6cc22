"""User by whichever of its keys another subgraph knows."""

from __future__ import annotations

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id
from subgraphs.kit.telegram import is_telegram_id
from subgraphs.users.loaders import UsersContext
from subgraphs.users.organization_values import OrganizationId
from subgraphs.users.types import User, user_type
from subgraphs.users.types.organizations import Organization, organization_type
from subgraphs.users.values import UserId


def resolve_user(representation: Representation, context: UsersContext) -> User | None:
    if (text := key_text(representation, "id")) is not None:
        return context.loaders.by_id.found(UserId(parse_id(text)), user_type)
    if (username := key_text(representation, "username")) is not None:
        return context.loaders.by_username.found(username.lower(), user_type)
    telegram_id = key_text(representation, "telegramId") or ""
    if not is_telegram_id(telegram_id):
        return None
    return context.loaders.by_telegram_id.found(int(telegram_id), user_type)


def resolve_organization(representation: Representation, context: UsersContext) -> Organization | None:
    if (text := key_text(representation, "id")) is not None:
        key = OrganizationId(parse_id(text))
        return context.loaders.organization_by_id.found(key, organization_type)
    slug = key_text(representation, "slug") or ""
    return context.loaders.organization_by_slug.found(slug.lower(), organization_type)


REFERENCES = {"User": resolve_user, "Organization": resolve_organization}
