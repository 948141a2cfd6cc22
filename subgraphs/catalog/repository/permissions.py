"""Permissions as conditions of statements, and as they are stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from subgraphs.catalog.models import artist_managers
from subgraphs.catalog.values import Actor, Permission
from subgraphs.kit.enums import known


def may(actor: Actor, artist_id: ColumnElement[Any], permission: Permission) -> ColumnElement[bool]:
    """Whether the actor manages the artist with this permission, or with all of them."""
    if actor.is_admin:
        return true()
    stored = artist_managers.c.permissions
    allowed = or_(*(stored.contains([each.value]) for each in {permission, Permission.ALL}))
    office = select(artist_managers.c.id).where(
        artist_managers.c.artist_id == artist_id, artist_managers.c.user_id == actor.user_id, allowed
    )
    return office.exists()


def written(permissions: frozenset[Permission]) -> list[str]:
    return sorted(permission.value for permission in permissions)


def read(stored: object) -> frozenset[Permission]:
    return known(Permission, stored if isinstance(stored, list) else ())
