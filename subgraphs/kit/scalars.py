"""Scalars that refuse what is ambiguous: a time needs an offset, and is given in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig


def _parse_time(value: object) -> datetime:
    if not isinstance(value, str):
        raise GraphQLError("A DateTime is a string.")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError("A DateTime reads 2026-01-31T18:30:00Z.") from error
    if moment.tzinfo is None:
        raise GraphQLError("A DateTime needs an offset: 2026-01-31T18:30:00Z or …+02:00.")
    return moment.astimezone(UTC)


def _write_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="A moment, ISO 8601 with an offset; always answered in UTC.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=_write_time,
    parse_value=_parse_time,
)


def strawberry_config() -> StrawberryConfig:
    return StrawberryConfig(scalar_map={datetime: DATE_TIME})
