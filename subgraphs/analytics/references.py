"""Entities by key: others' events and organizations, who need no lookup to carry our field."""

from __future__ import annotations

import strawberry

from subgraphs.analytics.loaders import AnalyticsContext
from subgraphs.analytics.types import Event, Organization
from subgraphs.kit.federation import Representation, key_text
from subgraphs.kit.ids import parse_id


def resolve_event(representation: Representation, _context: AnalyticsContext) -> Event:
    return Event(id=_id(representation))


def resolve_organization(representation: Representation, _context: AnalyticsContext) -> Organization:
    return Organization(id=_id(representation))


def _id(representation: Representation) -> strawberry.ID:
    return strawberry.ID(str(parse_id(key_text(representation, "id") or "")))


REFERENCES = {"Event": resolve_event, "Organization": resolve_organization}
