"""Posts written, changed, voted on and saved."""

from __future__ import annotations

from datetime import datetime

import strawberry

from subgraphs.kit.changes import changes
from subgraphs.kit.languages import checked_language
from subgraphs.kit.payloads import mutation, outcome, payload, problems
from subgraphs.kit.repeats import attempt_of, idempotency_key
from subgraphs.kit.scalars import URL
from subgraphs.kit.user_errors import UserError
from subgraphs.kit.validation import Checks
from subgraphs.posts import values
from subgraphs.posts.mutations.named import post_named
from subgraphs.posts.service.polls import checked_poll
from subgraphs.posts.types import Post, PostsInfo, post_type

CONTENT = "Up to 5000 characters."
LANGUAGE = "What it is written in (ISO 639), so that it is found by its words; absent: what you read in."
IMAGES = "At most 10, in the order they are shown."
MEDIA = (
    "Pictures and videos you uploaded for posts, at most 10, in the order they are shown. They have arrived "
    "(completeUpload), and may be in the making still."
)


@strawberry.input(description="A picture of a post.")
class PostImageInput:
    url: URL = strawberry.field(description="Where it is.")
    alt_text: str | None = strawberry.field(
        default=None, description="What it shows, in up to 300 characters."
    )


@strawberry.input(description="What a post asks. It stays as it is.")
class PollInput:
    options: list[str] = strawberry.field(
        description="2 to 10, each different and up to 100 characters, in the order they are shown."
    )
    allows_several: bool = strawberry.field(default=False, description="Whether one may choose several.")
    closes_at: datetime | None = strawberry.field(
        default=None,
        description="Until when votes are taken, within a year; absent: as long as the post is there.",
    )


@strawberry.input(description="Text, images, uploads, an event or a poll: at least one of them.")
class CreatePostInput:
    content: str = strawberry.field(default="", description=CONTENT)
    images: list[PostImageInput] = strawberry.field(default_factory=list, description=IMAGES)
    media_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=MEDIA)
    event_id: strawberry.ID | None = strawberry.field(default=None, description="The event it is about.")
    attached_event_id: strawberry.ID | None = strawberry.field(
        default=None, description="An event it shows beside what it says; not by itself."
    )
    poll: PollInput | None = strawberry.field(
        default=None, description="What it asks; with text alone, without images, uploads and event."
    )
    visibility: values.Visibility = strawberry.field(
        default=values.Visibility.PUBLIC, description="Who sees it."
    )
    language: str | None = strawberry.field(default=None, description=LANGUAGE)
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A field that is absent stays. Something must be left of the post.")
class UpdatePostInput:
    post_id: strawberry.ID = strawberry.field(description="One of yours.")
    content: str | None = strawberry.field(default=strawberry.UNSET, description=CONTENT)
    visibility: values.Visibility | None = strawberry.field(
        default=strawberry.UNSET, description="Who sees it."
    )
    images: list[PostImageInput] | None = strawberry.field(
        default=strawberry.UNSET, description=f"All of them: they replace those there are. {IMAGES}"
    )
    media_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description=f"All of them: they replace those there are. {MEDIA}"
    )
    language: str | None = strawberry.field(
        default=strawberry.UNSET, description="What it is written in (ISO 639)."
    )


@strawberry.input(description="What is deleted.")
class DeletePostInput:
    post_id: strawberry.ID = strawberry.field(description="One of yours; anybody's for administrators.")


@strawberry.input(description="What you choose in a poll.")
class VoteInPollInput:
    post_id: strawberry.ID = strawberry.field(description="The post that asks.")
    option_ids: list[strawberry.ID] = strawberry.field(
        description="All that you choose: they replace what you chose before; none takes it back."
    )


@strawberry.input(description="What is saved.")
class BookmarkPostInput:
    post_id: strawberry.ID = strawberry.field(description="A post you may see.")


@strawberry.input(description="What is saved no longer.")
class RemoveBookmarkInput:
    post_id: strawberry.ID = strawberry.field(description="A post you saved.")


@payload
class CreatePostPayload:
    post: Post | None = outcome("The new post.")
    errors: list[UserError] = problems()


@payload
class UpdatePostPayload:
    post: Post | None = outcome("The post as it is now.")
    errors: list[UserError] = problems()


@payload
class DeletePostPayload:
    deleted_post_id: strawberry.ID | None = outcome("The id that is gone.")
    errors: list[UserError] = problems()


@payload
class VoteInPollPayload:
    post: Post | None = outcome("The post, with the votes as they are now.")
    errors: list[UserError] = problems()


@payload
class BookmarkPostPayload:
    post: Post | None = outcome("The post you saved.")
    errors: list[UserError] = problems()


@payload
class RemoveBookmarkPayload:
    post: Post | None = outcome("The post; null too when you may not see it any more.")
    errors: list[UserError] = problems()


@strawberry.type(description="Posts, votes and bookmarks.")
class PostMutations:
    @mutation(CreatePostPayload, description="Publish something.")
    async def create_post(self, info: PostsInfo, input: CreatePostInput) -> CreatePostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post = await info.context.services.posts.create(
            viewer,
            checks,
            content=input.content,
            images=_images(input.images),
            uploads=await info.context.services.uploads.to_show(
                info.context.request, input.media_ids, checks
            ),
            event_id=_event_id(checks, input.event_id, "eventId"),
            visibility=input.visibility,
            poll=_poll(checks, input.poll),
            attached_event_id=_event_id(checks, input.attached_event_id, "attachedEventId"),
            language=_language(checks, input.language),
            attempt=attempt_of(viewer.id, input, checks),
        )
        return CreatePostPayload(post=post_type(post))

    @mutation(UpdatePostPayload, description="For the author.")
    async def update_post(self, info: PostsInfo, input: UpdatePostInput) -> UpdatePostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        given = changes(input, checks)
        post_id = post_named(checks, given.pop("post_id"))
        if "images" in given:
            given["images"] = _images(given["images"])
        if "media_ids" in given:
            ids = given.pop("media_ids")
            given["uploads"] = await info.context.services.uploads.to_show(info.context.request, ids, checks)
        if "language" in given:
            given["language"] = _language(checks, given["language"])
        post = await info.context.services.posts.update(viewer, post_id, values.PostChange(**given), checks)
        return UpdatePostPayload(post=post_type(post))

    @mutation(DeletePostPayload, description="For the author and administrators.")
    async def delete_post(self, info: PostsInfo, input: DeletePostInput) -> DeletePostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        gone = await info.context.services.posts.remove(viewer, post_named(checks, input.post_id), checks)
        return DeletePostPayload(deleted_post_id=strawberry.ID(str(gone)))

    @mutation(VoteInPollPayload, description="Vote, vote otherwise, or take it back, until the poll closes.")
    async def vote_in_poll(self, info: PostsInfo, input: VoteInPollInput) -> VoteInPollPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post_id = post_named(checks, input.post_id)
        options = [values.OptionId(checks.id(text, "optionIds")) for text in input.option_ids]
        post = await info.context.services.polls.vote(viewer, post_id, options, checks)
        return VoteInPollPayload(post=post_type(post))

    @mutation(BookmarkPostPayload, description="Save a post. Doing it again changes nothing.")
    async def bookmark_post(self, info: PostsInfo, input: BookmarkPostInput) -> BookmarkPostPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post = await info.context.services.posts.bookmark(viewer, post_named(checks, input.post_id), checks)
        return BookmarkPostPayload(post=post_type(post))

    @mutation(RemoveBookmarkPayload, description="Forget a post you saved, even one that you no longer see.")
    async def remove_bookmark(
        self, info: PostsInfo, input: RemoveBookmarkInput
    ) -> RemoveBookmarkPayload | None:
        viewer, checks = info.context.request.require_viewer(), Checks()
        post = await info.context.services.posts.remove_bookmark(
            viewer, post_named(checks, input.post_id), checks
        )
        return RemoveBookmarkPayload(post=None if post is None else post_type(post))


def _event_id(checks: Checks, text: str | None, at: str) -> values.EventId | None:
    return None if text is None else values.EventId(checks.id(text, at))


def _language(checks: Checks, code: str | None) -> str | None:
    return None if code is None else checked_language(checks, code, "language")


def _poll(checks: Checks, poll: PollInput | None) -> values.NewPoll | None:
    if poll is None:
        return None
    return checked_poll(checks, poll.options, poll.closes_at, allows_several=poll.allows_several)


def _images(images: list[PostImageInput]) -> tuple[values.Image, ...]:
    return tuple(values.Image(image.url, image.alt_text) for image in images)
