"""What media keeps of somebody, for themselves: what they uploaded and where it is shown. The files are where
`myMedia` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Select, select

from subgraphs.kit.records import Rows
from subgraphs.media.models import attachments, media


def _shown(user: UUID) -> Select[tuple[object, ...]]:
    return select(attachments).join(media).where(media.c.user_id == user)


LISTS: Mapping[str, Rows] = {
    "media": lambda user: select(media).where(media.c.user_id == user),
    "attachments": _shown,
}
