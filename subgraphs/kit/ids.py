"""Ids are UUIDs, written in GraphQL as `ID`. These read the ids that queries name; a mutation's input has its
own checks.
"""

from __future__ import annotations

from uuid import UUID

from db.uuids import uuid_of
from subgraphs.kit.errors import BadUserInput


def parse_id(text: str, argument: str = "id") -> UUID:
    """The UUID a client sent. Raises BadUserInput naming the argument."""
    try:
        return uuid_of(text)
    except ValueError as error:
        raise BadUserInput({argument: f"{argument} is not a UUID."}) from error


def parse_serial(text: str, argument: str = "id") -> int:
    """A positive 32-bit number, the id of the few lists that count. Raises BadUserInput naming the
    argument.
    """
    if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**31:
        return int(text)
    raise BadUserInput({argument: f"{argument} is not a number."})
