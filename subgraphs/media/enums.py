"""The domain's closed sets, described for clients. Imported before any type that uses one."""

from __future__ import annotations

from subgraphs.kit.enums import describe_enum
from subgraphs.media import values

describe_enum(
    values.Purpose,
    "MediaPurpose",
    "What something is uploaded for.",
    {
        "POST": "To be shown by a post or, a picture, by an event: a picture or a video.",
        "AVATAR": "A picture of yourself, for everybody.",
        "DOCUMENT": "A PDF, for yourself alone.",
        "TRACK": "The sound of a track.",
    },
)
describe_enum(
    values.Kind,
    "MediaKind",
    "What something is.",
    {
        "IMAGE": "A picture; it may move.",
        "VIDEO": "A video, with a poster.",
        "DOCUMENT": "A document.",
        "AUDIO": "Sound.",
    },
)
describe_enum(
    values.Status,
    "MediaStatus",
    "How far an upload is.",
    {
        "UPLOADING": "It is waited for; nothing can be shown.",
        "PROCESSING": "It has arrived, and its variants are being made.",
        "READY": "It can be shown.",
        "FAILED": "Nothing will come of it; the reason says why.",
    },
)
describe_enum(
    values.Variant,
    "MediaVariant",
    "How large something is shown.",
    {
        "ORIGINAL": "As it was uploaded, up to 4,096 pixels; of a video the video.",
        "MEDIUM": "Up to 1,280 pixels; of a video its poster.",
        "THUMBNAIL": "Up to 320 pixels.",
    },
)
