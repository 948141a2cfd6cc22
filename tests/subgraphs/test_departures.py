"""What is left of somebody, and of an organization, in the other domains once they are gone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from db.postgres import WriteSession
from subgraphs.kit import outbox
from subgraphs.kit.jobs import Periodic
from subgraphs.kit.outbox import Consumer, Message
from subgraphs.registry import DOMAINS
from tests.subgraphs.mesh import Mesh, Person

LEFT = {
    "posts": """SELECT 'post', author_id::text, content FROM posts UNION ALL
        SELECT 'bookmark', user_id::text, '' FROM bookmarks UNION ALL
        SELECT 'tally', person_id::text, post_count::text FROM author_tallies ORDER BY 1, 2, 3""",
    "catalog": """SELECT 'manager', user_id::text, permissions::text FROM artist_managers UNION ALL
        SELECT 'invitation', user_id::text, invited_by::text FROM artist_invitations UNION ALL
        SELECT 'artist', '', name FROM artists ORDER BY 1, 2, 3""",
    "interactions": """SELECT 'like', user_id::text, '' FROM likes UNION ALL
        SELECT 'comment', coalesce(author_id::text, ''), coalesce(document->>'text', '')
            FROM comments UNION ALL
        SELECT 'counts', like_count::text, comment_count::text FROM post_counts WHERE gone_at IS NULL
        ORDER BY 1, 2, 3""",
    "feed": """SELECT 'post', author_id::text, '' FROM known_posts UNION ALL
        SELECT 'follow', follower_id::text, followed_id::text FROM follows UNION ALL
        SELECT 'reader', user_id::text, '' FROM readers ORDER BY 1, 2, 3""",
    "events": """SELECT 'event', host_id::text, title || ' ' || status FROM events UNION ALL
        SELECT 'answer', user_id::text, status FROM event_attendees UNION ALL
        SELECT 'invitation', inviter_id::text, invitee_id::text FROM invitations UNION ALL
        SELECT 'venue', coalesce(created_by::text, ''), name FROM venues ORDER BY 1, 2, 3""",
    "processing": """SELECT 'job', coalesce(requested_by::text, ''), '' FROM processing_jobs UNION ALL
        SELECT 'uploader', unnest(users)::text, '' FROM artist_uploaders ORDER BY 1, 2, 3""",
    "media": "SELECT 'media', user_id::text, filename FROM media ORDER BY 1, 2, 3",
    "streaming": """SELECT 'play', user_id::text, coalesce(ip_address::text, '') FROM playback_history
        UNION ALL
        SELECT 'listener', user_id::text, '' FROM track_listeners UNION ALL
        SELECT 'receipt', user_id::text, '' FROM play_receipts ORDER BY 1, 2, 3""",
}
"""All that a domain keeps about people."""
ARTIST = "artist { id }"
LISTENED = """WITH receipt AS (
        INSERT INTO play_receipts (user_id, client_id) VALUES (:user, gen_random_uuid()))
    INSERT INTO playback_history (user_id, track_id, listened_sec, ip_address, is_counted)
    VALUES (:user, gen_random_uuid(), 60, '192.0.2.1', true)"""
ASKED = """INSERT INTO processing_jobs (id, track_id, source_bucket, source_key, requested_by, due_at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 'b', 'k', :user, now() + interval '1 day')"""
UPLOADED = """INSERT INTO media
        (id, user_id, filename, content_type, size, bucket, path, purpose, kind, expires_at)
    VALUES (gen_random_uuid(), :user, 'me.jpg', 'image/jpeg', 1, 'b', 'k', 'POST', 'IMAGE', now())"""
HOSTS = "{ events(filter: {statuses: [CANCELLED]}) { nodes { host { username } } } }"


class Killed(BaseException):
    """Not an Exception: nothing in between may handle it, as nothing handles SIGKILL."""


async def fill(ada: Person, grace: Person) -> dict[str, str]:
    """Ada and Grace with something of everything, and of each other's."""
    ids = {}
    for one, other in ((ada, grace), (grace, ada)):
        post = (await one.act("createPost", "post { id }", content="Hello"))["post"]["id"]
        await other.act("bookmarkPost", "post { id }", postId=post)
        await other.act("likePost", "post { id }", postId=post)
        said = (await other.act("createComment", "comment { id }", postId=post, text="Said"))["comment"]["id"]
        await one.act("createComment", "comment { id }", postId=post, text="Answered", parentId=said)
        event = await one.publish("Concert")
        await one.publish("Draft", isDraft=True)
        await other.act("attendEvent", "event { id }", eventId=event)
        await one.act("inviteToEvent", "invitation { id }", eventId=event, userId=other.id)
        venue = {"name": "Hall", "address": "Street 1", "city": "Berlin", "latitude": 1.0, "longitude": 1.0}
        await one.act("createVenue", "venue { id }", **venue)
        artist = (await one.act("createArtist", ARTIST, name="Queen"))["artist"]["id"]
        given = {"artistId": artist, "userId": other.id, "permissions": ["EDIT_PROFILE"]}
        await one.act("inviteArtistManager", ARTIST, **given)
        ids[one.id] = artist
        await one.mesh.run("streaming", LISTENED, user=one.id)
        await one.mesh.run("processing", ASKED, user=one.id)
        await one.mesh.run("media", UPLOADED, user=one.id)
    await grace.act("answerArtistInvitation", ARTIST, artistId=ids[ada.id], accept=True)
    return ids


async def left(mesh: Mesh, names: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """What each domain keeps, with people's names for their ids."""
    found = {domain: await mesh.run(domain, query) for domain, query in LEFT.items()}
    return {
        domain: sorted(tuple(names.get(cell, cell) for cell in row) for row in rows)  # type: ignore[misc]
        for domain, rows in found.items()
    }


AFTER = {
    "feed": [("post", "grace", "")],
    "interactions": [("comment", "", ""), ("comment", "grace", "Answered"), ("counts", "0", "1")],
    "posts": [("post", "grace", "Hello"), ("tally", "grace", "1")],
    "catalog": [
        ("artist", "", "Queen"),
        ("artist", "", "Queen"),
        ("manager", "grace", '["ALL"]'),
        ("manager", "grace", '["ALL"]'),
    ],
    "events": [
        ("event", "ada", "Concert CANCELLED"),
        ("event", "grace", "Concert PUBLISHED"),
        ("event", "grace", "Draft DRAFT"),
        ("answer", "grace", "GOING"),
        ("venue", "", "Hall"),
        ("venue", "grace", "Hall"),
    ],
    "processing": [
        ("job", "", ""),
        ("job", "grace", ""),
        ("uploader", "grace", ""),
        ("uploader", "grace", ""),
    ],
    "media": [("media", "grace", "me.jpg")],
    "streaming": [
        ("play", str(UUID(int=0)), ""),
        ("play", "grace", "192.0.2.1/32"),
        ("listener", "grace", ""),
        ("receipt", "grace", ""),
    ],
}


def expected() -> dict[str, list[tuple[str, str, str]]]:
    return {domain: sorted(rows) for domain, rows in AFTER.items()}


async def test_what_somebody_wrote_saved_answered_and_managed_goes_with_them(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    names = {ada.id: "ada", grace.id: "grace"}
    await fill(ada, grace)
    await mesh.settle()
    await ada.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    assert await left(mesh, names) == expected()
    seen = await grace.ask("{ posts { nodes { content author { username } } } artists { nodes { name } } }")
    assert seen["posts"]["nodes"] == [{"content": "Hello", "author": {"username": "grace"}}]
    answered = await grace.ask("{ me { attending { nodes { title status } } } }")
    assert answered["me"]["attending"]["nodes"] == [{"title": "Concert", "status": "CANCELLED"}]
    hosts = await mesh.router.execute({"query": HOSTS})
    assert hosts["data"]["events"]["nodes"] == [{"host": None}], "nobody is told who it was"


async def test_hearing_it_twice_is_hearing_it_once(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await fill(ada, grace)
    for _ in range(2):
        await tell(mesh, "users.account", ada.id, "UserDeleted")
        await mesh.settle()
    assert await left(mesh, {ada.id: "ada", grace.id: "grace"}) == expected()


@pytest.mark.parametrize("domain", list(LEFT))
async def test_who_is_killed_while_forgetting_forgets_all_of_it_the_next_time(
    mesh: Mesh, domain: str
) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    names = {ada.id: "ada", grace.id: "grace"}
    await fill(ada, grace)
    before = await left(mesh, names)
    await tell(mesh, "users.account", ada.id, "UserDeleted")
    for task in mesh.tasks["users"]:
        if task.name == "relay":
            await task.step()
    (whole,) = [task for task in mesh.tasks[domain] if task.name == f"{domain}.departures"]
    assert isinstance(whole, Consumer)
    killed = Consumer(whole.name, [], dying(whole._handle), whole._database, whole._redis)
    killed._streams = whole._streams
    with pytest.raises(Killed):
        await killed_at_last(killed)
    assert (await left(mesh, names))[domain] == before[domain]
    await mesh.settle()
    assert (await left(mesh, names))[domain] == expected()[domain]


async def killed_at_last(consumer: Consumer) -> None:
    for _ in range(10):
        await consumer.step()


def dying(
    handle: Callable[[WriteSession, Message], Awaitable[None]],
) -> Callable[[WriteSession, Message], Awaitable[None]]:
    async def handled(session: WriteSession, message: Message) -> None:
        await handle(session, message)
        if message.type == "UserDeleted":
            raise Killed

    return handled


async def test_what_is_written_after_somebody_is_gone_is_swept(mesh: Mesh) -> None:
    """A request that was under way, or a token that is good for some seconds more."""
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await tell(mesh, "users.account", ada.id, "UserDeleted")
    await mesh.settle()
    await fill(ada, grace)
    for domain in LEFT:
        (sweep,) = [task for task in mesh.tasks[domain] if task.name == "departed"]
        await sweep.step()
    await mesh.settle()
    found = await left(mesh, {ada.id: "ada", grace.id: "grace"})
    assert found["posts"] == [("post", "grace", "Hello"), ("tally", "grace", "1")]
    apart = {"posts"}
    assert {domain: rows for domain, rows in found.items() if domain not in apart} == {
        domain: rows for domain, rows in expected().items() if domain not in apart
    }


async def test_events_of_an_organization_that_ends_are_cancelled_and_its_drafts_go(mesh: Mesh) -> None:
    ada, eve, bob = [await mesh.sign_up(name) for name in ("ada", "eve", "bob")]
    acting = await found_organization(ada, "ours")
    await acting.publish("Concert")
    await acting.publish("Draft", isDraft=True)
    await (await found_organization(eve, "theirs")).publish("Other")
    await bob.publish("Own")
    await acting.act("deleteOrganization", "organizationId", slug="ours")
    for _ in range(2):
        await mesh.settle()
    listed = await bob.ask(
        "{ events(filter: {statuses: [PUBLISHED, CANCELLED, DRAFT]}) { nodes { title status } } }"
    )
    found = sorted((node["title"], node["status"]) for node in listed["events"]["nodes"])
    assert found == [("Concert", "CANCELLED"), ("Other", "PUBLISHED"), ("Own", "PUBLISHED")]


async def test_events_of_an_organization_outlive_who_hosts_them(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await (await found_organization(ada, "ours")).publish("Concert")
    await tell(mesh, "users.account", ada.id, "UserDeleted")
    await mesh.settle()
    listed = await grace.ask("{ events { nodes { title } } }")
    assert listed == {"events": {"nodes": [{"title": "Concert"}]}}


async def test_an_artist_nobody_manages_stays(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")
    await ada.act("createArtist", ARTIST, name="Queen")
    await ada.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    artists = (await mesh.ask("{ artists { nodes { name managers { totalCount } } } }"))["artists"]["nodes"]
    assert artists == [{"name": "Queen", "managers": {"totalCount": 0}}]


@pytest.mark.parametrize("domain", DOMAINS)
async def test_a_domain_that_hears_forgets_what_it_heard_long_ago(mesh: Mesh, domain: str) -> None:
    hears = [task for task in mesh.tasks[domain] if isinstance(task, Consumer)]
    assert hears
    assert len({task.name for task in mesh.tasks[domain]}) == len(mesh.tasks[domain])
    (tidies,) = [task for task in mesh.tasks[domain] if task.name == "inbox"]
    assert isinstance(tidies, Periodic)
    for days in (1, 20):
        noted = """INSERT INTO inbox (consumer, message_id, noted_at)
            VALUES ('x', :id, now() - :days * interval '1 day')"""
        await mesh.run(domain, noted, id=uuid4(), days=days)
    await tidies.step()
    assert await mesh.run(domain, "SELECT count(*) FROM inbox WHERE consumer = 'x'") == [(1,)]


async def test_a_departure_is_remembered_for_a_day(mesh: Mesh) -> None:
    await mesh.run(
        "posts", "INSERT INTO departed VALUES ('UserDeleted', :id, now() - interval '2 days')", id=uuid4()
    )
    await tell(mesh, "users.account", str(uuid4()), "UserDeleted")
    await mesh.settle()
    (sweep,) = [task for task in mesh.tasks["posts"] if task.name == "departed"]
    await sweep.step()
    assert await mesh.run("posts", "SELECT count(*) FROM departed") == [(1,)]


async def tell(mesh: Mesh, topic: str, key: str, kind: str, **payload: Any) -> None:
    async with mesh.stores["users"].postgres.write() as session:
        await outbox.add(session, Message(topic, str(UUID(key)), kind, payload))


async def found_organization(who: Person, slug: str) -> Person:
    """Who founded it, acting for it."""
    made = await who.act("createOrganization", "organization { id }", name="Ours", slug=slug)
    to = made["organization"]["id"]
    switched = await who.act("switchOrganization", "access { accessToken }", organizationId=to)
    return Person(who.mesh, who.id, switched["access"]["accessToken"])
