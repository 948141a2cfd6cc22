"""Who is shown what, and what an address is good for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from db.config import DomainStore
from subgraphs.kit.peers import InProcessPeer
from subgraphs.media.service.grants import WINDOW_SECONDS, BadGrant, Grants
from subgraphs.media.values import Place
from subgraphs.registry import build_domain
from tests.subgraphs.media.conftest import MEDIA, Media
from tests.subgraphs.media.files import picture, video
from tests.subgraphs.support import Person, act, code, data, denied, mutation_text, refused

pytestmark = pytest.mark.xdist_group("seaweedfs")
ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { %s } }"
POST_MEDIA = ENTITIES % "... on Post { media { id status altText } }"
AVATAR = ENTITIES % f"... on User {{ avatar {{ {MEDIA} }} }}"
NOW = 1_800_000_000.0
PLACE = Place("post-images", "a/posts/b.webp")


def grants(now: float = NOW, key: bytes = b"k" * 32) -> Grants:
    return Grants(key, clock=lambda: now)


def told(address: str) -> dict[str, str | None]:
    query = dict(part.split("=", 1) for part in urlsplit(address).query.split("&"))
    return {"until": query["until"], "signature": query["signature"]}


def test_an_address_is_good_for_one_file_for_an_hour_or_two_and_the_same_within_the_hour() -> None:
    address = grants().address(PLACE)
    assert address == grants(NOW + 10).address(PLACE)
    given = told(address)
    until = grants().require(PLACE, **given)
    assert until is not None
    assert WINDOW_SECONDS <= until - NOW <= 2 * WINDOW_SECONDS
    assert grants(until + 4).require(PLACE, **given) == until
    for changed in (
        {"until": str(until + WINDOW_SECONDS)},
        {"until": None},
        {"until": "-1"},
        {"until": "9" * 20},
        {"until": "١٢٣"},
        {"signature": None},
        {"signature": ""},
        {"signature": "\udcff"},
        {"signature": str(given["signature"])[:-1] + "!"},
    ):
        with pytest.raises(BadGrant):
            grants().require(PLACE, **(given | changed))
    for place in (Place("post-images", "a/posts/c.webp"), Place("post-videos", PLACE.key)):
        with pytest.raises(BadGrant):
            grants().require(place, **given)
    with pytest.raises(BadGrant):
        grants(until + 6).require(PLACE, **given)
    with pytest.raises(BadGrant):
        grants(key=b"x" * 32).require(PLACE, **given)


def test_what_is_sent_to_us_and_not_looked_at_has_no_address_that_is_good() -> None:
    for bucket in ("media-uploads", "track-uploads", "tracks", "other"):
        place = Place(bucket, "a/b")
        with pytest.raises(BadGrant):
            grants().require(place, **told(grants().address(place)))


async def test_files_are_served_to_who_has_the_address_and_to_nobody_else(media: Media) -> None:
    shown = await media.ready(media.person(), picture())
    url = shown["url"]
    got = await media.get(url)
    assert (got.status_code, got.headers["content-type"]) == (200, "image/jpeg")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["cache-control"].startswith("private, max-age=")
    again = await media.get(url, **{"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    path = url.partition("?")[0]
    user = path.split("/")[3]
    for other in (
        path,
        url + "x",
        url.replace("post-images", "documents"),
        url.replace("/posts/", "/posts/medium/"),
        f"/media/post-images/{user}/..%2f..%2fdocuments/x?{url.partition('?')[2]}",
    ):
        assert (await media.get(other)).status_code == 403, other
    for nothing in ("/media/media-uploads/" + "/".join(path.split("/")[3:]), f"/media/tracks/{user}/x"):
        assert (await media.get(nothing)).status_code == 404
    assert (await media.get("/media/post-images/demo/hiking-1.webp")).status_code == 404, "another's route"


async def test_a_video_is_served_in_ranges(media: Media) -> None:
    shown = await media.ready(media.person(), video(), "video/mp4")
    whole = (await media.get(shown["url"])).content
    part = await media.get(shown["url"], range="bytes=100-199")
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert (await media.get(shown["url"], range=f"bytes={len(whole)}-")).status_code == 416


async def test_what_is_not_there_any_more_is_not_found(media: Media) -> None:
    ada = media.person()
    shown = await media.ready(ada, picture())
    await act(media.subgraph, "deleteMedia", ada.headers, "deletedMediaId", mediaId=shown["id"])
    await media.work()
    assert (await media.get(shown["url"])).status_code == 404


async def attached(media: Media, who: Person, post: str, *ids: str) -> Any:
    given = {"postId": post, "mediaIds": list(ids)}
    return await act(media.subgraph, "attachMedia", who.headers, "post { media { id } }", **given)


async def of_post(media: Media, viewer: Person | None, post: str, author: UUID | None) -> Any:
    seen = {} if author is None else {"author": {"id": str(author)}}
    asked = {"__typename": "Post", "id": post} | seen
    headers = None if viewer is None else viewer.headers
    (found,) = (await data(media.subgraph, POST_MEDIA, headers, r=[asked]))["_entities"]
    return found["media"] and [one["id"] for one in found["media"]]


async def test_a_post_shows_its_media_in_their_order_to_who_may_see_the_post(media: Media) -> None:
    ada, grace = media.person(), media.person()
    first, second = [(await media.ready(ada, picture()))["id"] for _ in range(2)]
    post = media.post(ada)
    payload = await attached(media, ada, post, second, first)
    assert payload["post"] == {"media": [{"id": second}, {"id": first}]}
    for viewer in (ada, grace, None):
        assert await of_post(media, viewer, post, ada.id) == [second, first]
        assert await of_post(media, viewer, post, None) is None, "whom posts tells no author"
    assert await of_post(media, grace, post, grace.id) == [], "which another wrote"
    await attached(media, ada, post, first)
    assert await of_post(media, None, post, ada.id) == [first]
    await attached(media, ada, post)
    assert await of_post(media, None, post, ada.id) == []


async def test_what_is_not_ready_is_shown_to_its_author_alone(media: Media) -> None:
    ada = media.person()
    waiting = await media.uploaded(ada, picture())
    await media.complete(ada, waiting)
    post = media.post(ada)
    await attached(media, ada, post, waiting)
    assert await of_post(media, ada, post, ada.id) == [waiting]
    assert await of_post(media, media.person(), post, ada.id) == []
    await media.work()
    assert await of_post(media, media.person(), post, ada.id) == [waiting]


async def test_a_post_shows_only_its_authors_own_and_what_is_for_posts(media: Media) -> None:
    ada, eve = media.person(), media.person()
    hers = (await media.ready(ada, picture()))["id"]
    avatar = (await media.ready(eve, picture(), purpose="AVATAR"))["id"]
    half = await media.uploaded(eve, picture())
    mine = (await media.ready(eve, picture()))["id"]
    own, foreign = media.post(eve), media.post(ada)
    for at, each in enumerate((hers, avatar, half, str(uuid4()))):
        given = {"postId": own, "mediaIds": [mine] * (at % 2) + [each]}
        assert await refused(media.subgraph, "attachMedia", eve.headers, **given) == [
            ("INVALID_INPUT", f"mediaIds.{at % 2}")
        ]
    assert await of_post(media, None, own, eve.id) == [], "nothing was done"
    foreign_given = {"postId": foreign, "mediaIds": [mine]}
    assert await denied(media.subgraph, "attachMedia", eve.headers, **foreign_given) == "FORBIDDEN"
    nowhere = {"postId": str(uuid4()), "mediaIds": [mine]}
    assert await refused(media.subgraph, "attachMedia", eve.headers, **nowhere) == [("NOT_FOUND", "postId")]
    twice = {"postId": own, "mediaIds": [mine, mine]}
    assert await refused(media.subgraph, "attachMedia", eve.headers, **twice) == [
        ("INVALID_INPUT", "mediaIds")
    ]


async def test_posts_itself_says_whose_a_post_is_and_who_sees_it(
    media: Media, stores: Mapping[str, DomainStore]
) -> None:
    ada, eve = media.person(), media.person()
    mine, hers = [(await media.ready(one, picture()))["id"] for one in (ada, eve)]
    async with build_domain("posts", media.config, stores["posts"]) as posts:
        media.peers["posts"] = InProcessPeer(posts)
        for visibility, seen in (("PUBLIC", "FORBIDDEN"), ("PRIVATE", "NOT_FOUND")):
            given = {"content": "Look", "visibility": visibility}
            made = await act(posts, "createPost", ada.headers, "post { id }", **given)
            post = made["post"]["id"]
            payload = await attached(media, ada, post, mine)
            assert (payload["errors"], payload["post"]) == ([], {"media": [{"id": mine}]})
            query = mutation_text("attachMedia")
            answer = await media.subgraph.execute(
                query, {"input": {"postId": post, "mediaIds": [hers]}}, headers=eve.headers
            )
            assert seen in str(answer)


async def test_with_posts_away_nothing_is_attached_and_it_is_said_whom_to_wait_for(media: Media) -> None:
    ada = media.person()
    mine, post = (await media.ready(ada, picture()))["id"], media.post(ada)
    media.posts.away = True
    selection = "errors { ... on PeerFailed { service } }"
    given = {"postId": post, "mediaIds": [mine]}
    payload = await act(media.subgraph, "attachMedia", ada.headers, selection, **given)
    assert [(each["code"], each["service"]) for each in payload["errors"]] == [("PEER_AWAY", "posts")]
    assert await of_post(media, ada, post, ada.id) == []


async def test_attaching_at_once_leaves_one_of_them_whole(media: Media) -> None:
    ada = media.person()
    a, b = [(await media.ready(ada, picture()))["id"] for _ in range(2)]
    post = media.post(ada)
    await asyncio.gather(*(attached(media, ada, post, *ids) for ids in ([a, b], [b], [b, a], [a]) * 2))
    assert await of_post(media, None, post, ada.id) in ([a, b], [b], [b, a], [a])


async def test_a_person_has_the_picture_that_users_shows_and_uploaded_here(media: Media) -> None:
    ada, eve = media.person(), media.person()
    shown = await media.ready(ada, picture(), purpose="AVATAR")
    assert "?" not in shown["url"]
    got = await media.get(shown["url"])
    assert (got.status_code, got.headers["cache-control"]) == (200, "public, max-age=86400, immutable")
    post_picture = await media.ready(eve, picture())

    async def avatar(of: Person, url: str | None) -> Any:
        asked = {"__typename": "User", "id": str(of.id), "avatarUrl": url}
        (found,) = (await data(media.subgraph, AVATAR, None, r=[asked]))["_entities"]
        return found["avatar"] and found["avatar"]["id"]

    for end in (shown["url"], "https://graph.example" + shown["url"]):
        assert await avatar(ada, end) == shown["id"]
    assert await avatar(eve, shown["url"]) is None, "another's"
    for other in (None, "", "https://example.com/me.png", "/media/profile-images/demo/person-1.webp"):
        assert await avatar(ada, other) is None
    forged = f"/media/profile-images/{eve.id}/avatars/{post_picture['id']}.jpg"
    assert await avatar(eve, forged) is None, "not a picture for everybody"
    assert (await media.seen(None, shown["id"]))["filename"] is None, "its owner's"


async def test_ones_own_are_listed_counted_and_summed(media: Media) -> None:
    ada = media.person()
    ids = [await media.uploaded(ada, picture()) for _ in range(3)]
    query = "{ myMedia(first: 2) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }"
    page = (await data(media.subgraph, query, ada.headers))["myMedia"]
    assert ([node["id"] for node in page["nodes"]], page["totalCount"]) == (ids[:0:-1], 3)
    more = f'{{ myMedia(after: "{page["pageInfo"]["endCursor"]}") {{ nodes {{ id }} }} }}'
    assert (await data(media.subgraph, more, ada.headers))["myMedia"]["nodes"] == [{"id": ids[0]}]
    usage = await data(media.subgraph, "{ mediaUsage { usedMegabytes quotaMegabytes } }", ada.headers)
    assert usage["mediaUsage"] == {"usedMegabytes": 3 * len(picture()) / 1e6, "quotaMegabytes": 2000}
    assert await code(media.subgraph, query) == "UNAUTHENTICATED"


async def test_what_is_kept_of_somebody_is_theirs_to_take_away(media: Media) -> None:
    ada, eve = media.person(), media.person()
    mine, post = await media.ready(ada, picture()), media.post(ada)
    await media.uploaded(eve, picture())
    await attached(media, ada, post, mine["id"])
    told = (await data(media.subgraph, "{ accountRecords }", ada.headers))["accountRecords"]
    assert [(one["id"], one["filename"]) for one in told["media"]] == [(mine["id"], "me.jpg")]
    assert [(one["post_id"], one["media_id"]) for one in told["attachments"]] == [(post, mine["id"])]
    assert str(eve.id) not in str(told)


async def test_a_text_for_who_cannot_see_it_is_changed_by_its_owner(media: Media) -> None:
    ada, eve = media.person(), media.person()
    media_id = await media.uploaded(ada, picture())
    given = {"mediaId": media_id, "altText": " Two  stripes\n"}
    payload = await act(media.subgraph, "updateMedia", ada.headers, "media { altText }", **given)
    assert payload["media"] == {"altText": "Two  stripes"}
    assert await refused(media.subgraph, "updateMedia", eve.headers, **given) == [("NOT_FOUND", "mediaId")]
    cleared = {"mediaId": media_id, "altText": None}
    payload = await act(media.subgraph, "updateMedia", ada.headers, "media { altText }", **cleared)
    assert payload["media"] == {"altText": None}
    changes = "SELECT changes->'alt_text' FROM audit WHERE entity_id = :id AND action = 'update' ORDER BY id"
    assert await media.run(changes, id=media_id) == [([None, "Two  stripes"],), (["Two  stripes", None],)]
