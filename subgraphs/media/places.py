"""Where files lie, in the layout of seed 000.

    media-uploads      {user}/{media}                                     as it was sent; gone when it is done
    profile-images     {user}/avatars/[thumbnails/|medium/]{media}.ext    for everybody
    post-images        {user}/posts/[medium/]{media}.ext
    post-videos        {user}/posts/{media}.ext
    thumbnails         {user}/posts/[thumbnails/|medium/]{media}.ext      of videos both
    documents          {user}/documents/{media}.pdf
    track-uploads      {user}/{media}                                     for processing

A name is made of ids and words of ours: nothing that a client called its file is part of it.
"""

from __future__ import annotations

from subgraphs.media.values import Kind, MediaId, OwnerId, Place, Purpose, Variant

STAGING, AVATARS, IMAGES, VIDEOS, THUMBNAILS, DOCUMENTS, TRACKS = (
    "media-uploads",
    "profile-images",
    "post-images",
    "post-videos",
    "thumbnails",
    "documents",
    "track-uploads",
)
BUCKETS = (STAGING, AVATARS, IMAGES, VIDEOS, THUMBNAILS, DOCUMENTS, TRACKS)
KEPT = BUCKETS[1:-1]
"""Those whose files belong to a media, and to nobody else."""

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "application/pdf": "pdf",
}
"""Of all that is ever kept."""
FOLDERS = {Variant.ORIGINAL: "", Variant.MEDIUM: "medium/", Variant.THUMBNAIL: "thumbnails/"}
PURPOSES = {Purpose.POST: "posts", Purpose.AVATAR: "avatars", Purpose.DOCUMENT: "documents"}


def staged(owner: OwnerId, media_id: MediaId) -> Place:
    return Place(STAGING, f"{owner}/{media_id}")


def for_processing(owner: OwnerId, media_id: MediaId) -> Place:
    return Place(TRACKS, f"{owner}/{media_id}")


def place_of(
    owner: OwnerId, media_id: MediaId, purpose: Purpose, kind: Kind, variant: Variant, content_type: str
) -> Place:
    key = f"{owner}/{PURPOSES[purpose]}/{FOLDERS[variant]}{media_id}.{EXTENSIONS[content_type]}"
    return Place(_bucket(purpose, kind, variant), key)


def every_place(owner: OwnerId, media_id: MediaId, purpose: Purpose, kind: Kind) -> list[Place]:
    """All that may ever be kept of an upload: whoever deletes it need not know how far its worker came."""
    if purpose is Purpose.TRACK:
        return [staged(owner, media_id), for_processing(owner, media_id)]
    named = {place_of(owner, media_id, purpose, kind, v, each) for v in Variant for each in EXTENSIONS}
    return [staged(owner, media_id), *sorted(named, key=lambda place: (place.bucket, place.key))]


def _bucket(purpose: Purpose, kind: Kind, variant: Variant) -> str:
    match purpose, kind, variant:
        case Purpose.AVATAR, _, _:
            return AVATARS
        case Purpose.DOCUMENT, _, _:
            return DOCUMENTS
        case _, _, Variant.THUMBNAIL:
            return THUMBNAILS
        case _, Kind.VIDEO, Variant.MEDIUM:
            return THUMBNAILS
        case _, Kind.VIDEO, _:
            return VIDEOS
        case _:
            return IMAGES
