"""What may go wrong in the catalog, beside the kit's errors.

NotYourArtist       FORBIDDEN; the viewer does not manage the artist, or not with that permission
TrackNumberTaken    the album has a track with that number
LastManager         an artist would be left without anybody who may do everything
"""

from __future__ import annotations

import strawberry

from subgraphs.catalog.values import Permission
from subgraphs.kit.errors import Forbidden, Refused
from subgraphs.kit.user_errors import UserError


class NotYourArtist(Forbidden):
    def __init__(self, needed: Permission) -> None:
        super().__init__(f"This needs the permission {needed.value} of the artist.", permission=needed.value)


@strawberry.type(description="The album has a track with that number already.")
class TrackNumberTaken(UserError):
    track_number: int = strawberry.field(description="The number that was asked for.")


@strawberry.type(description="The artist would be left without anybody who may do everything.")
class LastManager(UserError):
    pass


ERRORS = (TrackNumberTaken, LastManager)


def track_number_taken(number: int) -> Refused:
    message = f"The album has a track {number} already."
    return Refused(
        TrackNumberTaken(
            message=message, code="TRACK_NUMBER_TAKEN", path=["trackNumber"], track_number=number
        )
    )


def last_manager() -> Refused:
    message = "Somebody must be left who may do everything for the artist."
    return Refused(LastManager(message=message, code="LAST_MANAGER", path=["userId"]))
