"""What the mutations of media are given."""

from __future__ import annotations

import strawberry

from subgraphs.kit.uploads import UploadedFile
from subgraphs.media import enums as _described  # noqa: F401 -- before they are used
from subgraphs.media import values

ALT_TEXT = "What it shows, for who cannot see it. Up to 1000 characters."
TRACK = "Which track it is the sound of, for the purpose TRACK and for no other."
ITS = "The id of a media of yours."


@strawberry.input(description="A file that you are going to send to the store.")
class StartUploadInput:
    purpose: values.Purpose = strawberry.field(description="What it is for.")
    filename: str = strawberry.field(description="What you call it, up to 255 characters; only you see it.")
    content_type: str = strawberry.field(
        description="What it is: image/jpeg. uploadRules says what is taken."
    )
    size_bytes: int = strawberry.field(description="How large it is, exactly.")
    alt_text: str | None = strawberry.field(default=None, description=ALT_TEXT)
    track_id: strawberry.ID | None = strawberry.field(default=None, description=TRACK)


@strawberry.input(description="Which upload goes on.")
class ResumeUploadInput:
    media_id: strawberry.ID = strawberry.field(description=ITS)


@strawberry.input(description="Which upload has arrived.")
class CompleteUploadInput:
    media_id: strawberry.ID = strawberry.field(description=ITS)


@strawberry.input(description="A small file, sent with the mutation.")
class UploadMediaInput:
    purpose: values.Purpose = strawberry.field(description="What it is for.")
    file: UploadedFile = strawberry.field(description="The file, up to 25 MB or what the gateway takes.")
    alt_text: str | None = strawberry.field(default=None, description=ALT_TEXT)
    track_id: strawberry.ID | None = strawberry.field(default=None, description=TRACK)


@strawberry.input(description="What is changed of a media.")
class UpdateMediaInput:
    media_id: strawberry.ID = strawberry.field(description=ITS)
    alt_text: str | None = strawberry.field(description=f"{ALT_TEXT} Null: none.")


@strawberry.input(description="What is deleted.")
class DeleteMediaInput:
    media_id: strawberry.ID = strawberry.field(description="One of yours; anybody's for administrators.")
