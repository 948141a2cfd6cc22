"""Likes, comments, mentions and follows, as those hear of them whom they concern."""

from __future__ import annotations

from uuid import uuid4

from tests.subgraphs.notifications.alone import Alone


async def test_likes_of_a_post_are_one_notification_with_who_did_it_last_first(alone: Alone) -> None:
    for name in ("ada", "grace", "eve", "mary"):
        await alone.know(name)
    post = await alone.post("ada")
    said = {
        "grace": "grace likes your post.",
        "eve": "eve and grace like your post.",
        "mary": "mary and 2 others like your post.",
    }
    for number, (name, text) in enumerate(said.items(), 1):
        await alone.like(post, name, "ada")
        (told,) = await alone.nodes("ada")
        assert (told["kind"], told["actorCount"], told["text"]) == ("POST_LIKED", number, text)
    assert [each["id"] for each in told["actors"]] == [alone.id(name) for name in ("mary", "eve", "grace")]
    assert told["post"] == {"id": str(post)}
    assert await alone.nodes("grace") == []


async def test_what_happens_after_one_has_read_is_another_notification(alone: Alone) -> None:
    post = await alone.post("ada")
    await alone.like(post, "grace", "ada")
    (read,) = await alone.nodes("ada")
    await alone.act("ada", "markNotificationsRead", notificationIds=[read["id"]])
    await alone.like(post, "eve", "ada")
    newer, older = await alone.nodes("ada")
    assert (newer["actorCount"], newer["readAt"], older["id"]) == (1, None, read["id"])


async def test_the_same_told_twice_or_done_again_tells_nobody_again(alone: Alone) -> None:
    post = await alone.post("ada")
    await alone.like(post, "grace", "ada")
    await alone.like(post, "grace", "ada")
    (told,) = await alone.nodes("ada")
    await alone.act("ada", "markNotificationsRead", notificationIds=[told["id"]])
    await alone.like(post, "grace", "ada", "PostUnliked")
    assert await alone.nodes("ada") == []
    await alone.like(post, "grace", "ada")
    (again,) = await alone.nodes("ada")
    assert (again["id"], again["actorCount"]) == (told["id"], 1)
    assert again["readAt"] is not None
    assert await alone.unread("ada") == 0


async def test_nobody_hears_of_what_they_did_themselves(alone: Alone) -> None:
    post = await alone.post("ada")
    await alone.like(post, "ada", "ada")
    await alone.comment(post, "ada", "ada")
    assert await alone.nodes("ada") == []


async def test_who_is_answered_hears_of_the_answer_and_not_of_a_comment_too(alone: Alone) -> None:
    post = await alone.post("ada")
    first = await alone.comment(post, "grace", "ada")
    answer = await alone.comment(post, "eve", "ada", first, "grace")
    assert [(each["kind"], each["comment"]["id"]) for each in await alone.nodes("grace")] == [
        ("COMMENT_ANSWERED", str(answer))
    ]
    (told,) = await alone.nodes("ada")
    assert (told["kind"], told["actorCount"], told["comment"]["id"]) == ("POST_COMMENTED", 2, str(answer))
    own = await alone.comment(post, "grace", "ada", answer, "eve")
    assert own
    assert [each["kind"] for each in await alone.nodes("eve")] == ["COMMENT_ANSWERED"]


async def test_a_comment_that_is_removed_is_told_no_longer_nor_what_is_said_of_it(alone: Alone) -> None:
    post = await alone.post("ada")
    comment = await alone.comment(post, "grace", "ada")
    liked = {"comment_id": str(comment), "user_id": alone.id("eve"), "author_id": alone.id("grace")}
    await alone.tell("interactions.post", post, "CommentLiked", **liked)
    assert [each["kind"] for each in await alone.nodes("grace")] == ["COMMENT_LIKED"]
    gone = {"comment_id": str(comment), "user_id": alone.id("grace")}
    await alone.tell("interactions.post", post, "CommentRemoved", **gone)
    assert await alone.nodes("ada") == []
    assert await alone.nodes("grace") == []


async def test_a_follow_a_request_and_its_answer_are_told_and_taken_back(alone: Alone) -> None:
    for name in ("ada", "grace"):
        await alone.know(name)
    pair = {"follower_id": alone.id("grace"), "followed_id": alone.id("ada")}
    asked = {"requester_id": alone.id("grace"), "requested_id": alone.id("ada")}
    accepted = {"followed_id": alone.id("ada"), "follower_ids": [alone.id("grace"), str(uuid4())]}
    await alone.tell("users.relation", "pair", "FollowAccepted", **accepted)
    assert await alone.nodes("grace") == [], "nobody is let in who has not asked"
    await alone.tell("users.relation", "pair", "FollowRequested", **asked)
    assert await alone.texts("ada") == ["grace asks to follow you."]
    await alone.tell("users.relation", "pair", "FollowAccepted", **accepted)
    assert await alone.texts("ada") == []
    assert await alone.texts("grace") == ["ada lets you follow them."]
    await alone.tell("users.relation", "pair", "UserFollowed", **pair)
    assert await alone.texts("ada") == ["grace follows you."]
    await alone.tell("users.relation", "pair", "UserUnfollowed", **pair)
    assert await alone.texts("ada") == []


async def test_a_mention_is_told_to_who_may_see_the_post_when_it_is_known(alone: Alone) -> None:
    await alone.know("grace")
    post = uuid4()
    for name in ("ada", "eve"):
        told = {"post_id": str(post), "author_id": alone.id("grace"), "user_id": alone.id(name)}
        await alone.tell("posts.mention", post, "UserMentioned", **told)
    assert await alone.texts("ada") == [], "the post is not known yet"
    pair = {"follower_id": alone.id("ada"), "followed_id": alone.id("grace")}
    await alone.rows("users.follows", "FollowsTold", pair)
    await alone.post("grace", "FOLLOWERS", post)
    assert await alone.texts("ada") == ["grace mentioned you in a post."]
    assert await alone.texts("eve") == []


async def test_a_message_that_says_more_or_less_than_we_know_is_passed_over(alone: Alone) -> None:
    post = await alone.post("ada")
    for kind, facts in (
        ("PostLiked", {}),
        ("PostLiked", {"user_id": "nobody", "author_id": alone.id("ada")}),
        ("PostAdored", {"user_id": alone.id("grace")}),
    ):
        await alone.tell("interactions.post", post, kind, **facts)
    facts = {"user_id": alone.id("grace"), "author_id": alone.id("ada"), "mood": "good"}
    await alone.tell("interactions.post", post, "PostLiked", **facts)
    assert len(await alone.nodes("ada")) == 1
