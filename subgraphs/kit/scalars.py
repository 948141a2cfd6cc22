"""Scalars: times that refuse what is ambiguous, and names for texts of a known form.

An address, a mail address or a time zone that is not well formed is the user's mistake, not the program's:
the scalar lets any text in, and the checks of the mutation say what is wrong, together with everything
else. A malformed time is the program's: the operation is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, IntValueNode, ValueNode
from strawberry.schema.config import StrawberryConfig

from subgraphs.kit.uploads import UploadedFile

URL = NewType("URL", str)
EmailAddress = NewType("EmailAddress", str)
TimeZone = NewType("TimeZone", str)
JSON = NewType("JSON", Mapping[str, Any])
MinorUnits = NewType("MinorUnits", int)
MOST_MINOR_UNITS = 2**53 - 1
WHOLE = f"MinorUnits is a whole number from 0 to {MOST_MINOR_UNITS}."


def _parse_time(value: object) -> datetime:
    if not isinstance(value, str):
        raise GraphQLError("A DateTime is a string.")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise GraphQLError("A DateTime reads 2026-01-31T18:30:00Z.") from error
    if moment.tzinfo is None:
        raise GraphQLError("A DateTime needs an offset: 2026-01-31T18:30:00Z or …+02:00.")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise GraphQLError("A DateTime lies between the years 1 and 9999, in UTC too.") from error


def _write_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse_date(value: object) -> date:
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError("A Date reads 2026-01-31.")


def _parse_text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise GraphQLError("This is not a string.")


def _parse_upload(value: object) -> object:
    if isinstance(value, UploadedFile):
        return value
    raise GraphQLError("An Upload is a file of a multipart request: null in the variables, named in the map.")


def _write_upload(_value: object) -> str:
    raise GraphQLError("An Upload is never answered.")


def _parse_minor_units(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_MINOR_UNITS:
        raise GraphQLError(WHOLE)
    return value


def _read_minor_units(node: ValueNode, _variables: object = None) -> int:
    if not isinstance(node, IntValueNode) or len(node.value) > len(str(MOST_MINOR_UNITS)):
        raise GraphQLError(WHOLE)
    return _parse_minor_units(int(node.value))


DATE_TIME = strawberry.scalar(
    name="DateTime",
    description="A moment, ISO 8601 with an offset; always answered in UTC.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=_write_time,
    parse_value=_parse_time,
)
DATE = strawberry.scalar(
    name="Date",
    description="A day of the calendar, without a time or a zone: 2026-01-31.",
    specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    serialize=date.isoformat,
    parse_value=_parse_date,
)


def _text(name: str, description: str, specified_by: str) -> Any:
    return strawberry.scalar(
        name=name,
        description=description,
        specified_by_url=specified_by,
        serialize=str,
        parse_value=_parse_text,
    )


SCALARS: dict[object, Any] = {
    datetime: DATE_TIME,
    date: DATE,
    URL: _text("URL", "An absolute http or https address.", "https://url.spec.whatwg.org/"),
    EmailAddress: _text(
        "EmailAddress", "A mail address: name@host.", "https://www.rfc-editor.org/rfc/rfc5321"
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Facts of no fixed form, as an object.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc8259",
        serialize=dict,
        parse_value=dict,
    ),
    MinorUnits: strawberry.scalar(
        name="MinorUnits",
        description="A whole number of a currency's minor units, from 0 to 2^53 - 1.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=int,
        parse_value=_parse_minor_units,
        parse_literal=_read_minor_units,
    ),
    UploadedFile: strawberry.scalar(
        name="Upload",
        description="A file that comes with the request, for mutations alone.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_write_upload,
        parse_value=_parse_upload,
    ),
    TimeZone: _text(
        "TimeZone", "The IANA name of a time zone: Europe/Berlin.", "https://www.iana.org/time-zones"
    ),
}


def strawberry_config() -> StrawberryConfig:
    return StrawberryConfig(scalar_map=SCALARS)
