"""Likes, comments, mentions and follows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from subgraphs.kit.outbox import Message
from subgraphs.notifications.hearing.reading import maybe, person, somebody
from subgraphs.notifications.values import Kind, Meaning, Notice, PersonId, Subjects, Withdrawal


def of_comments_and_likes(message: Message) -> Iterator[Meaning]:
    post, told = UUID(message.key), message.payload
    match message.type:
        case "PostLiked":
            key, group = f"like {post} {told['user_id']}", f"likes {post}"
            author, about = person(told, "author_id"), Subjects(post_id=post)
            yield Notice(Kind.POST_LIKED, author, key, group, person(told, "user_id"), about=about)
        case "PostUnliked":
            yield Withdrawal(f"like {post} {told['user_id']}")
        case "CommentLiked":
            comment = UUID(told["comment_id"])
            key, group = f"like {comment} {told['user_id']}", f"likes {comment}"
            author, actor = person(told, "author_id"), person(told, "user_id")
            about = Subjects(post_id=post)
            yield Notice(Kind.COMMENT_LIKED, author, key, group, actor, comment, about)
        case "CommentUnliked":
            yield Withdrawal(f"like {told['comment_id']} {told['user_id']}")
        case "CommentAdded":
            yield from _commented(post, message)
        case "CommentRemoved":
            yield Withdrawal(comment_key(UUID(told["comment_id"])))


def _commented(post: UUID, message: Message) -> Iterator[Notice]:
    """Who is answered hears that, and not beside it that there is a comment under their post."""
    told = message.payload
    comment, actor, author = UUID(told["comment_id"]), somebody(told, "user_id"), person(told, "author_id")
    parent, answered = maybe(told, "parent_id"), somebody(told, "parent_author_id")
    key, about = comment_key(comment), Subjects(post_id=post)
    if answered is not None:
        group = f"answers {parent}"
        yield Notice(Kind.COMMENT_ANSWERED, answered, key, group, actor, comment, about)
    if author != answered:
        yield Notice(Kind.POST_COMMENTED, author, key, f"comments {post}", actor, comment, about)


def comment_key(comment: UUID) -> str:
    return f"comment {comment}"


def of_mentions(message: Message) -> Iterator[Meaning]:
    """Told once for each person and post, whatever becomes of the text; the post opens or closes it."""
    if message.type != "UserMentioned":
        return
    told, post = message.payload, UUID(message.key)
    user, author = person(told, "user_id"), person(told, "author_id")
    key = f"mention {post} {user}"
    yield Notice(Kind.MENTIONED, user, key, key, author, about=Subjects(post_id=post))


def of_relations(message: Message) -> Iterator[Meaning]:
    told = message.payload
    match message.type:
        case "UserFollowed":
            follower, followed = person(told, "follower_id"), person(told, "followed_id")
            key = follow_key(follower, followed)
            yield Notice(Kind.FOLLOWED, followed, key, "follows", follower)
        case "UserUnfollowed":
            yield Withdrawal(follow_key(person(told, "follower_id"), person(told, "followed_id")))
        case "FollowRequested":
            requester, requested = person(told, "requester_id"), person(told, "requested_id")
            key = request_key(requester, requested)
            yield Notice(Kind.FOLLOW_REQUESTED, requested, key, "follow requests", requester)
        case "FollowRequestWithdrawn":
            yield Withdrawal(request_key(person(told, "requester_id"), person(told, "requested_id")))
        case "FollowAccepted":
            followed = person(told, "followed_id")
            for follower in map(PersonId, map(UUID, told["follower_ids"])):
                yield from _accepted(follower, followed)


def _accepted(follower: PersonId, followed: PersonId) -> Iterator[Meaning]:
    """Who let somebody in need not be asked any longer. Follows of long ago are told so, too: nobody hears of
    one without having asked for it.
    """
    asked = request_key(follower, followed)
    key = f"accepted {follower} {followed}"
    yield Notice(Kind.FOLLOW_ACCEPTED, follower, key, "accepted follows", followed, only_after=asked)
    yield Withdrawal(asked)


def follow_key(follower: PersonId, followed: PersonId) -> str:
    return f"follow {follower} {followed}"


def request_key(requester: PersonId, requested: PersonId) -> str:
    return f"request {requester} {requested}"
