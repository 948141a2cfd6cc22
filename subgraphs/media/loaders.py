"""Media's loaders, and the context that carries them through one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.loading import Loader, loader
from subgraphs.kit.records import Records
from subgraphs.kit.request import Request
from subgraphs.media.service import Grants, Library, Uploads
from subgraphs.media.values import Media, MediaId, Shown


@dataclass(frozen=True, slots=True)
class Services:
    uploads: Uploads
    library: Library
    grants: Grants


@dataclass(frozen=True, slots=True)
class MediaLoaders:
    seen: Loader[MediaId, Media | None]
    """What the viewer sees by its id."""
    shown: Loader[Shown, tuple[Media, ...] | None]


@dataclass(frozen=True, slots=True)
class MediaContext:
    request: Request
    services: Services
    loaders: MediaLoaders
    records: Records


def media_context(request: Request, services: Services, records: Records) -> MediaContext:
    async def seen(ids: Sequence[MediaId]) -> Mapping[MediaId, Media]:
        return await services.library.find_seen(request.known_viewer, ids)

    async def shown(posts: Sequence[Shown]) -> Mapping[Shown, tuple[Media, ...]]:
        return await services.library.find_shown(request.known_viewer, posts)

    loaders = MediaLoaders(seen=loader(seen), shown=loader(shown))
    return MediaContext(request, services, loaders, records)
