"""Posts that show what their authors uploaded: posts says what, media shows it, and each hears of the other
what is gone. In the whole graph; uploads are rows, since how they arrive is of no concern here.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from db.postgres import WriteSession
from subgraphs.kit.outbox import Consumer, Handler, Message
from subgraphs.kit.peers import NotDelivered, Question
from tests.subgraphs.mesh import Mesh, Person

POST = "post { id type content media { id status kind altText url } }"
READ = "query($id: ID!) { post(id: $id) { type content media { id status } } }"
EDITS = """query($id: ID!) { post(id: $id) { editedAt media { id } edits { nodes {
    content media { id } } } } }"""
MEDIA = """INSERT INTO media (id, user_id, filename, content_type, size, bucket, path, purpose, kind, status,
    expires_at, alt_text, reason) VALUES (:id, :owner, 'x', 'image/jpeg', 1, 'media-uploads', 'x', :purpose,
    :kind, 'UPLOADING', now(), :alt, 'No picture.')"""
MADE = """UPDATE media SET status = 'READY', renditions = jsonb_build_array(jsonb_build_object(
    'variant', 'ORIGINAL', 'content_type', 'image/jpeg', 'bucket', 'post-images', 'path', 'a/posts/b.jpg',
    'size', 1, 'width', 1, 'height', 1)) WHERE id = :id"""
ENTITY = "query($r: [_Any!]!) { _entities(representations: $r) { ... on PostEdit { id } } }"


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


async def upload(mesh: Mesh, who: Person, status: str = "READY", **given: str) -> str:
    """One that has come as far as `status`; its id."""
    key = uuid4()
    facts = {"purpose": "POST", "kind": "IMAGE", "alt": "A cat"} | given
    await mesh.run("media", MEDIA, id=key, owner=UUID(who.id), **facts)
    if status != "UPLOADING":
        await mesh.run("media", "UPDATE media SET status = 'PROCESSING' WHERE id = :id", id=key)
    if status not in ("UPLOADING", "PROCESSING"):
        await end(mesh, str(key), status)
    return str(key)


async def end(mesh: Mesh, media_id: str, status: str) -> None:
    failed = "UPDATE media SET status = 'FAILED' WHERE id = :id"
    await mesh.run("media", MADE if status == "READY" else failed, id=UUID(media_id))


async def post(who: Person, *media_ids: str, **given: Any) -> Any:
    return (await who.act("createPost", POST, mediaIds=list(media_ids), **given))["post"]


async def shown(who: Person, post_id: str) -> list[str] | None:
    """What a post shows to somebody; None when there is no such post for them."""
    found = (await who.ask(READ, id=post_id))["post"]
    return None if found is None else [one["id"] for one in found["media"]]


async def uploads(mesh: Mesh) -> set[str]:
    return {str(key) for (key,) in await mesh.run("media", "SELECT id FROM media")}


async def attached(mesh: Mesh) -> set[tuple[str, str]]:
    rows = await mesh.run("media", "SELECT post_id, media_id FROM attachments")
    return {(str(post_id), str(media_id)) for post_id, media_id in rows}


async def test_a_post_without_text_shows_what_its_author_uploaded_in_their_order(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    first, second = await upload(mesh, ada), await upload(mesh, ada)
    made = await post(ada, second, first)
    assert (made["type"], made["content"]) == ("IMAGES", "")
    assert [one["id"] for one in made["media"]] == [second, first]
    assert made["media"][0]["altText"] == "A cat"
    assert made["media"][0]["url"].startswith("/media/post-images/a/posts/b.jpg?until=")
    row = await mesh.run("posts", "SELECT media_id, media_ids FROM posts")
    assert row == [(UUID(second), [UUID(second), UUID(first)])]
    film = await upload(mesh, ada, kind="VIDEO")
    assert (await post(ada, first, film))["type"] == "VIDEO"
    event = await ada.publish()
    assert (await post(ada, film, eventId=event))["type"] == "EVENT"


async def test_only_uploads_of_ones_own_that_have_arrived_are_taken(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    mine, making = await upload(mesh, ada), await upload(mesh, ada, "PROCESSING")
    refused = {
        "another's": await upload(mesh, eve),
        "not sent": await upload(mesh, ada, "UPLOADING"),
        "failed": await upload(mesh, ada, "FAILED"),
        "an avatar": await upload(mesh, ada, purpose="AVATAR"),
        "another's avatar": await upload(mesh, eve, purpose="AVATAR"),
        "nothing": str(uuid4()),
        "no id": "x",
    }
    for why, each in refused.items():
        wrong = [("INVALID_INPUT", "mediaIds.1")]
        assert await ada.refused("createPost", mediaIds=[making, each]) == wrong, why
    for many in ([mine, mine], [str(uuid4()) for _ in range(11)]):
        assert await ada.refused("createPost", mediaIds=many) == [("INVALID_INPUT", "mediaIds")]
    asking = {"options": ["a", "b"]}
    assert await ada.refused("createPost", content="?", mediaIds=[mine], poll=asking) == [
        ("INVALID_INPUT", "poll")
    ]
    assert await ada.refused("createPost", mediaIds=[]) == [("INVALID_INPUT", "content")]
    assert await mesh.run("posts", "SELECT 1 FROM posts") == []


async def test_what_is_being_made_is_shown_so_and_what_failed_to_its_owner_alone(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    good, bad = await upload(mesh, ada, "PROCESSING"), await upload(mesh, ada, "PROCESSING")
    made = await post(ada, good, bad)
    for who in (ada, eve):
        seen = (await who.ask(READ, id=made["id"]))["post"]["media"]
        assert seen == [{"id": each, "status": "PROCESSING"} for each in (good, bad)]
    assert [one["url"] for one in made["media"]] == [None, None]
    await end(mesh, good, "READY")
    await end(mesh, bad, "FAILED")
    assert await shown(eve, made["id"]) == [good]
    assert await shown(ada, made["id"]) == [good, bad]


async def test_who_may_not_see_the_post_is_given_no_address_by_any_way(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    picture = await upload(mesh, ada)
    made = await post(ada, picture, visibility="PRIVATE")
    assert await shown(ada, made["id"]) == [picture]
    assert await shown(eve, made["id"]) is None
    assert (await eve.ask("query($id: ID!) { media(id: $id) { id } }", id=picture))["media"] is None
    bare = {"__typename": "Post", "id": made["id"]}
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Post { media { id } } } }"
    answer = await mesh.subgraphs["media"].execute(query, {"r": [bare]})
    assert answer["data"]["_entities"] == [{"media": None}], "whom posts told no ids"


async def test_an_edit_keeps_what_was_shown_for_the_author_alone(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    one, two = await upload(mesh, ada), await upload(mesh, ada)
    made = await post(ada, one, content="Look")
    changed = await ada.act("updatePost", POST, postId=made["id"], mediaIds=[two, one])
    assert [each["id"] for each in changed["post"]["media"]] == [two, one]
    again = await ada.act("updatePost", POST, postId=made["id"], mediaIds=[two, one])
    assert again["post"]["type"] == "IMAGES"
    await ada.act("updatePost", POST, postId=made["id"], mediaIds=[], content="Gone")
    seen = (await ada.ask(EDITS, id=made["id"]))["post"]
    assert seen["media"] == []
    former = [[each["id"] for each in edit["media"]] for edit in seen["edits"]["nodes"]]
    assert former == [[two, one], [one]], "the same again is no edit"
    assert (await eve.ask(EDITS, id=made["id"]))["post"]["edits"] is None
    ((edit,), *_) = await mesh.run("posts", "SELECT id FROM post_edits")
    asked = {"r": [{"__typename": "PostEdit", "id": str(edit)}]}
    headers = {"authorization": f"Bearer {eve.access}"}
    for given in (headers, {}):
        answer = await mesh.subgraphs["posts"].execute(ENTITY, asked, headers=given)
        assert answer["data"]["_entities"] == [None]
    assert await ada.refused("updatePost", postId=made["id"], content="") == [("INVALID_INPUT", "content")]
    await mesh.settle()
    await ada.act("deletePost", "deletedPostId", postId=made["id"])
    await mesh.settle()
    assert await uploads(mesh) == set(), "also what only its edits showed"


async def test_a_deleted_upload_leaves_the_post_standing_and_takes_one_of_nothing_else(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    film, picture = await upload(mesh, ada, kind="VIDEO"), await upload(mesh, ada)
    both, text = await post(ada, film, picture), await post(ada, film, content="Look")
    alone, edited = await post(ada, film), await post(ada, picture, content="Once")
    await ada.act("updatePost", "post { id }", postId=edited["id"], mediaIds=[film])
    await ada.act("updatePost", "post { id }", postId=edited["id"], mediaIds=[picture])
    await ada.act("deleteMedia", "deletedMediaId", mediaId=film)
    assert await shown(ada, both["id"]) == [picture], "at once, before anybody has heard"
    await mesh.settle()
    kept = {each["id"]: (await ada.ask(READ, id=each["id"]))["post"] for each in (both, text)}
    assert [(one["type"], len(one["media"])) for one in kept.values()] == [("IMAGES", 1), ("TEXT", 0)]
    assert await shown(ada, alone["id"]) is None
    former = (await ada.ask(EDITS, id=edited["id"]))["post"]["edits"]["nodes"]
    assert [len(each["media"]) for each in former] == [0, 1]
    assert await mesh.run("posts", "SELECT 1 FROM post_media WHERE media_id = :id", id=UUID(film)) == []


async def test_an_upload_goes_with_the_last_post_that_shows_it(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    only, twice = await upload(mesh, ada), await upload(mesh, ada)
    one, other = await post(ada, only, twice), await post(ada, twice)
    await mesh.settle()
    assert await attached(mesh) == {(one["id"], only), (one["id"], twice), (other["id"], twice)}
    await ada.act("deletePost", "deletedPostId", postId=one["id"])
    await mesh.settle()
    assert await uploads(mesh) == {twice}
    assert await shown(ada, other["id"]) == [twice]
    unheard = await post(ada, await upload(mesh, ada))
    await ada.act("deletePost", "deletedPostId", postId=unheard["id"])
    await mesh.settle()
    assert await uploads(mesh) == {twice}, "also of a post that media never heard of"


async def test_an_upload_deleted_while_its_post_is_written_is_not_shown(
    mesh: Mesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await mesh.sign_up("ada")
    picture = await upload(mesh, ada)
    peer = mesh.peers["media"]

    class Late:
        async def send(self, question: Question) -> dict[str, Any]:
            answer = await peer.send(question)
            await ada.act("deleteMedia", "deletedMediaId", mediaId=picture)
            await mesh.settle()
            return answer

    mesh.peers["media"] = Late()
    made = await post(ada, picture, content="Look")
    mesh.peers["media"] = peer
    await mesh.settle()
    assert await shown(ada, made["id"]) == []
    assert await mesh.run("posts", "SELECT media_id, media_ids, type FROM posts") == [(None, [], "TEXT")]


async def test_with_media_away_a_post_without_uploads_is_written(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    picture = await upload(mesh, ada)

    class Away:
        async def send(self, _question: Question) -> dict[str, Any]:
            raise NotDelivered("nobody is there")

    mesh.peers["media"] = Away()
    assert await ada.refused("createPost", content="Look", mediaIds=[picture]) == [("PEER_AWAY", "")]
    assert (await ada.act("createPost", "post { content }", content="Look"))["post"] == {"content": "Look"}


async def test_killed_at_every_step_they_agree_in_the_end(
    mesh: Mesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process that tells, sends or hears dies once after its writes and before its COMMIT, and Valkey is
    emptied, so that everything is told twice.
    """
    ada = await mesh.sign_up("ada")
    gone, kept, lost = [await upload(mesh, ada) for _ in range(3)]
    one, other = await post(ada, gone, kept), await post(ada, kept, lost)
    await mesh.settle()
    await ada.act("deletePost", "deletedPostId", postId=one["id"])
    await ada.act("deleteMedia", "deletedMediaId", mediaId=lost)
    deaths = [0]

    def dying(handle: Handler) -> Handler:
        async def die(session: WriteSession, message: Message) -> None:
            await handle(session, message)
            if len(dead) < 40 and message.id not in dead:
                dead.add(message.id)
                deaths[0] += 1
                raise Killed

        dead: set[UUID] = set()
        return die

    tasks = [*mesh.tasks["posts"], *mesh.tasks["media"]]
    consumers = [task for task in tasks if isinstance(task, Consumer) and task.name.split(".")[1] != "people"]
    for consumer in consumers:
        monkeypatch.setattr(consumer, "_handle", dying(consumer._handle))
    for _ in range(200):
        try:
            await mesh.settle()
            break
        except Killed:
            continue
    assert deaths[0] >= 2
    for turn in range(2):
        assert await uploads(mesh) == {kept}, turn
        assert await attached(mesh) == {(other["id"], kept)}, turn
        assert await mesh.run("posts", "SELECT media_ids FROM posts") == [([UUID(kept)],)], turn
        async with mesh.stores["posts"].redis.use() as client:
            for key in await client.keys("plait:*"):
                await client.delete(key)
        await mesh.settle()
    assert await mesh.run("posts", "SELECT 1 FROM dead_letters") == []
    assert await mesh.run("media", "SELECT 1 FROM dead_letters") == []


async def test_an_export_says_which_uploads_ones_posts_show(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    mine, hers = await upload(mesh, ada), await upload(mesh, eve)
    await post(ada, mine)
    await post(eve, hers)
    await mesh.settle()
    told = (await ada.ask("{ accountExport }"))["accountExport"]
    assert mine in str(told["posts"]["post_media"])
    assert mine in str(told["media"]["attachments"])
    assert hers not in str(told)


async def test_a_deleted_picture_is_nobodys_avatar_and_one_chosen_since_stays(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    old, new = [await upload(mesh, ada, purpose="AVATAR") for _ in range(2)]
    shows = "user { avatarUrl avatar { id } }"
    sizes = {old: f"avatars/thumbnails/{old}.webp", new: f"avatars/{new}.jpg"}
    for chosen in (old, new):
        path = f"/media/profile-images/{ada.id}/{sizes[chosen]}"
        shown_now = (await ada.act("updateProfile", shows, avatarUrl=path))["user"]
        assert shown_now == {"avatarUrl": path, "avatar": {"id": chosen}}
        if chosen == new:
            break
        await ada.act("deleteMedia", "deletedMediaId", mediaId=await upload(mesh, ada, purpose="AVATAR"))
        await mesh.settle()
        assert (await ada.ask("{ me { avatar { id } } }"))["me"]["avatar"] == {"id": old}, (
            "another was deleted"
        )
    await ada.act("deleteMedia", "deletedMediaId", mediaId=old)
    await mesh.settle()
    assert (await ada.ask("{ me { avatar { id } } }"))["me"]["avatar"] == {"id": new}
    await ada.act("deleteMedia", "deletedMediaId", mediaId=new)
    await mesh.settle()
    assert (await ada.ask("{ me { avatarUrl avatar { id } } }"))["me"] == {"avatarUrl": None, "avatar": None}
