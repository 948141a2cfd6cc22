"""User by whichever of its keys another subgraph knows: by their id at once."""

from __future__ import annotations

from operator import attrgetter

from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.references import ById
from subgraphs.kit.telegram import is_telegram_id
from subgraphs.users.loaders import UsersContext
from subgraphs.users.types import User, user_type
from subgraphs.users.types.organizations import Organization, organization_type


def _user_by_others(representation: Representation, context: UsersContext) -> User | None:
    if (username := key_text(representation, "username")) is not None:
        return context.loaders.by_username.found(username.lower(), user_type)
    telegram_id = key_text(representation, "telegramId") or ""
    if not is_telegram_id(telegram_id):
        return None
    return context.loaders.by_telegram_id.found(int(telegram_id), user_type)


def _organization_by_slug(representation: Representation, context: UsersContext) -> Organization | None:
    slug = key_text(representation, "slug") or ""
    return context.loaders.organization_by_slug.found(slug.lower(), organization_type)


REFERENCES = {
    "User": ById(attrgetter("loaders.by_id"), user_type, _user_by_others),
    "Organization": ById(attrgetter("loaders.organization_by_id"), organization_type, _organization_by_slug),
}
