"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.catalog import collecting, values, verifying
from subgraphs.kit.enums import describe_enum

describe_enum(
    values.AlbumType,
    "AlbumType",
    "How long a release is.",
    {"SINGLE": "A track or two.", "EP": "A handful of tracks.", "ALBUM": "A full-length release."},
)
describe_enum(
    values.AlbumStatus,
    "AlbumStatus",
    "Where an album is on its way out.",
    {
        "DRAFT": "Only the artist's managers see it.",
        "SCHEDULED": "It comes out on its day, and only the artist's managers see it until then.",
        "RELEASED": "Everybody sees it.",
    },
)
describe_enum(
    values.CreditRole,
    "TrackArtistRole",
    "An artist's part in a track.",
    {"MAIN": "It is theirs.", "FEATURED": "They are a guest.", "REMIXER": "They mixed it anew."},
)
describe_enum(
    values.Permission,
    "ArtistPermission",
    "What a manager may do for an artist.",
    {
        "ALL": "Everything, the other managers included.",
        "EDIT_PROFILE": "Change the public page.",
        "UPLOAD": "Add, change and delete albums and tracks.",
    },
)
describe_enum(
    collecting.Visibility,
    "PlaylistVisibility",
    "Who sees a playlist, beside its owner and collaborators.",
    {
        "PRIVATE": "Nobody.",
        "UNLISTED": "Everybody who has its id.",
        "PUBLIC": "Everybody: it is listed with its owner.",
    },
)
describe_enum(
    verifying.VerificationStatus,
    "ArtistVerificationStatus",
    "What came of a request for a badge.",
    {
        "PENDING": "Editors have not decided.",
        "GRANTED": "The artist has its badge.",
        "REFUSED": "It has none: the reason says why. One may ask again.",
        "REVOKED": "It had one, and has none: the reason says why. One may ask again.",
    },
)
describe_enum(
    values.ArtistOrder,
    "ArtistOrder",
    "How artists are listed.",
    {"NAME": "By name.", "NEWEST": "Who was added last is first."},
)
describe_enum(
    values.AlbumOrder,
    "AlbumOrder",
    "How albums are listed.",
    {"NEWEST": "The latest release is first.", "OLDEST": "The earliest release is first."},
)
describe_enum(
    values.TrackOrder,
    "TrackOrder",
    "How tracks are listed.",
    {"NEWEST": "What was added last is first.", "OLDEST": "What was added first is first."},
)
