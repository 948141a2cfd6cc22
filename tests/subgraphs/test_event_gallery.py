"""Pictures of events: events says which uploads they are, media shows them, and each hears of the other
what is gone. In the whole graph; uploads are rows, since how they arrive is of no concern here.
"""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from subgraphs.kit.peers import NotDelivered, Question
from tests.subgraphs.mesh import Mesh, Person
from tests.subgraphs.test_post_media import end, post, upload, uploads

IMAGES = "images { id order altText media { id status url } }"
READ = f"query($id: ID!) {{ event(id: $id) {{ {IMAGES} }} }}"
BARE = "query($r: [_Any!]!) { _entities(representations: $r) { ... on EventImage { id media { id } } } }"
TOLD = "query($r: [_Any!]!) { _entities(representations: $r) { ... on EventImage { mediaId } } }"


async def hang(who: Person, event: str, media: str, **given: Any) -> str:
    made = await who.act("addEventImage", "image { id }", eventId=event, mediaId=media, **given)
    return str(made["image"]["id"])


async def seen(who: Person, event: str) -> list[tuple[str, str | None]] | None:
    """Uploads that an event shows to somebody, with their words; None when they see no such event."""
    found = (await who.ask(READ, id=event))["event"]
    if found is None:
        return None
    return [(image["media"] and image["media"]["id"], image["altText"]) for image in found["images"]]


async def test_a_host_hangs_describes_orders_and_removes_pictures_of_their_own(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    event = await ada.publish()
    one, two, three = [await upload(mesh, ada) for _ in range(3)]
    first, second, third = [await hang(ada, event, each) for each in (one, two, three)]
    assert await hang(ada, event, two) == second, "again is once"
    described = await ada.act("describeEventImage", "image { altText }", imageId=first, altText=" A stage ")
    assert described["image"] == {"altText": "A stage"}
    turned = {"eventId": event, "imageIds": [third, first, second]}
    for _ in range(2):
        ordered = await ada.act("reorderEventImages", f"event {{ {IMAGES} }}", **turned)
    assert [image["order"] for image in ordered["event"]["images"]] == [1, 2, 3]
    assert ordered["event"]["images"][0]["media"]["url"].startswith("/media/post-images/")
    assert await seen(eve, event) == [(three, None), (one, "A stage"), (two, None)]
    for ids in ([first, second], [first, second, second], [first, second, third, str(uuid4())]):
        assert await ada.refused("reorderEventImages", eventId=event, imageIds=ids) == [
            ("CONFLICT", "imageIds")
        ]
    await ada.act("removeEventImage", "removedImageId", imageId=first)
    assert await ada.refused("removeEventImage", imageId=first) == [("NOT_FOUND", "imageId")]
    assert await seen(eve, event) == [(three, None), (two, None)]
    await mesh.settle()
    assert await uploads(mesh) == {two, three}, "nothing else showed it"
    written = "SELECT action FROM audit WHERE entity = 'event image' OR action = 'order images' ORDER BY id"
    audited = [action for (action,) in await mesh.run("events", written)]
    assert audited == ["add", "add", "add", "describe", "order images", "remove"]


async def test_only_pictures_of_ones_own_that_have_arrived_are_hung_and_twenty_of_them(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    event = await ada.publish()
    refused = {
        "another's": await upload(mesh, eve),
        "not sent": await upload(mesh, ada, "UPLOADING"),
        "failed": await upload(mesh, ada, "FAILED"),
        "an avatar": await upload(mesh, ada, purpose="AVATAR"),
        "a video": await upload(mesh, ada, kind="VIDEO"),
        "nothing": str(uuid4()),
        "no id": "x",
    }
    for why, each in refused.items():
        wrong = await ada.refused("addEventImage", eventId=event, mediaId=each)
        assert wrong == [("INVALID_INPUT", "mediaId")], why
    mine = await upload(mesh, ada)
    given: dict[str, Any] = {"eventId": event, "mediaId": mine}
    assert await ada.refused("addEventImage", **given, altText="x" * 1001) == [("INVALID_INPUT", "altText")]
    assert await ada.refused("addEventImage", **given | {"eventId": str(uuid4())}) == [
        ("NOT_FOUND", "eventId")
    ]
    gone = await ada.publish()
    await ada.act("cancelEvent", "event { id }", eventId=gone)
    assert await ada.refused("addEventImage", **given | {"eventId": gone}) == [("EVENT_CLOSED", "eventId")]
    peer = mesh.peers["media"]

    class Away:
        async def send(self, _question: Question) -> dict[str, Any]:
            raise NotDelivered("nobody is there")

    mesh.peers["media"] = Away()
    assert await ada.refused("addEventImage", **given) == [("PEER_AWAY", "")]
    mesh.peers["media"] = peer
    many = """INSERT INTO event_images (event_id, media_id, user_id, position)
        SELECT :event, gen_random_uuid(), :ada, n FROM generate_series(1, 18) n"""
    await mesh.run("events", many, event=UUID(event), ada=UUID(ada.id))
    some = [await upload(mesh, ada) for _ in range(6)]
    answers = await asyncio.gather(
        *(ada.try_to("addEventImage", eventId=event, mediaId=each) for each in some)
    )
    codes = sorted(error["code"] for answer in answers for error in answer["errors"])
    assert codes == ["CONFLICT"] * 4, "two of six at once had room"
    assert await mesh.run("events", "SELECT count(*), max(position) FROM event_images") == [(20, 20)]


async def test_a_drafts_pictures_are_as_secret_as_the_draft_on_every_way(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    draft, picture = await ada.publish(isDraft=True), await upload(mesh, ada)
    image = await hang(ada, draft, picture)
    assert await seen(ada, draft) == [(picture, None)]
    asked = {"r": [{"__typename": "EventImage", "id": image}]}
    for who, told in ((ada, {"mediaId": picture}), (eve, None)):
        headers = {"authorization": f"Bearer {who.access}"}
        answer = await mesh.subgraphs["events"].execute(TOLD, asked, headers=headers)
        assert answer["data"]["_entities"] == [told]
    assert await seen(eve, draft) is None
    changes: dict[str, dict[str, Any]] = {
        "describeEventImage": {"imageId": image, "altText": "x"},
        "removeEventImage": {"imageId": image},
        "reorderEventImages": {"eventId": draft, "imageIds": [image]},
        "addEventImage": {"eventId": draft, "mediaId": await upload(mesh, eve)},
    }
    for name, given in changes.items():
        assert [code for code, _ in await eve.refused(name, **given)] == ["NOT_FOUND"], name
    await ada.act("publishEvent", "event { id }", eventId=draft)
    assert await seen(eve, draft) == [(picture, None)]
    for name, given in changes.items():
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"
        headers = {"authorization": f"Bearer {eve.access}"}
        answer = await mesh.router.execute({"query": query, "variables": {"input": given}}, headers=headers)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", name
    answer = await mesh.subgraphs["media"].execute(BARE, asked)
    assert answer["data"]["_entities"] == [{"id": image, "media": None}], "whom events told no upload"


async def test_what_is_being_made_is_shown_so_and_what_failed_to_its_owner_alone(mesh: Mesh) -> None:
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    event, good, bad = await ada.publish(), await upload(mesh, ada, "PROCESSING"), await upload(mesh, ada)
    await hang(ada, event, good)
    making = await upload(mesh, ada, "PROCESSING")
    await hang(ada, event, making)
    found = (await eve.ask(READ, id=event))["event"]["images"]
    assert [image["media"] for image in found] == [
        {"id": each, "status": "PROCESSING", "url": None} for each in (good, making)
    ]
    await end(mesh, good, "READY")
    await end(mesh, making, "FAILED")
    assert await seen(eve, event) == [(good, None), (None, None)]
    assert await seen(ada, event) == [(good, None), (making, None)]
    assert bad in await uploads(mesh)


async def test_an_upload_and_what_shows_it_go_as_each_hears_of_the_other(mesh: Mesh) -> None:
    """Deleted uploads leave the gallery, one goes with the last that shows it, post or event; and an account
    takes both.
    """
    ada, eve = await mesh.sign_up("ada"), await mesh.sign_up("eve")
    event, other = await ada.publish(), await ada.publish(isDraft=True)
    gone, shared, twice, only = [await upload(mesh, ada) for _ in range(4)]
    for each in (gone, shared, twice):
        await hang(ada, event, each)
    unheard = await hang(ada, other, only)
    await ada.act("removeEventImage", "removedImageId", imageId=unheard)
    await hang(ada, other, twice)
    shows = await post(ada, shared)
    await ada.act("deleteMedia", "deletedMediaId", mediaId=gone)
    assert await seen(eve, event) == [(None, None), (shared, None), (twice, None)], "until it is heard"
    await mesh.settle()
    assert await seen(eve, event) == [(shared, None), (twice, None)]
    assert await uploads(mesh) == {shared, twice}, "also of a picture that media never heard of"
    await ada.act("deletePost", "deletedPostId", postId=shows["id"])
    await ada.act("deleteEvent", "deletedEventId", eventId=other)
    await mesh.settle()
    assert await uploads(mesh) == {shared, twice}, "the event shows both"
    told = (await ada.ask("{ accountExport }"))["accountExport"]
    assert len(told["events"]["event_images"]) == len(told["media"]["event_attachments"]) == 2
    await ada.act("deleteAccount", "userId", password="correct horse")
    for _ in range(2):
        await mesh.settle()
    assert await uploads(mesh) == set()
    assert await mesh.run("events", "SELECT 1 FROM event_images") == []
    assert await mesh.run("media", "SELECT 1 FROM event_attachments") == []


async def test_an_upload_deleted_while_it_is_hung_is_not_shown(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    event, picture = await ada.publish(), await upload(mesh, ada)
    peer = mesh.peers["media"]

    class Late:
        async def send(self, question: Question) -> dict[str, Any]:
            answer = await peer.send(question)
            await ada.act("deleteMedia", "deletedMediaId", mediaId=picture)
            await mesh.settle()
            return answer

    mesh.peers["media"] = Late()
    await hang(ada, event, picture)
    mesh.peers["media"] = peer
    await mesh.settle()
    assert await seen(ada, event) == []
