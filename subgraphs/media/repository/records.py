"""What media keeps of somebody, for themselves: what they uploaded and where it is shown. The files are where
`myMedia` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, Table, select

from subgraphs.kit.records import Rows
from subgraphs.media.models import attachments, event_attachments, media


def _shown(pairs: Table) -> Rows:
    def of_user(user: UUID) -> Select[tuple[object, ...]]:
        return select(pairs).join(media).where(media.c.user_id == user)

    return of_user


LISTS: Mapping[str, Rows] = {
    "media": lambda user: select(media).where(media.c.user_id == user),
    "attachments": _shown(attachments),
    "event_attachments": _shown(event_attachments),
}
