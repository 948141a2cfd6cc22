"""Who is shown what, and what an address is good for."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from subgraphs.media.service.grants import WINDOW_SECONDS, BadGrant, Grants
from subgraphs.media.values import Place
from tests.subgraphs.media.conftest import MEDIA, Media
from tests.subgraphs.media.files import picture, video
from tests.subgraphs.support import Person, act, code, data, refused

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


async def of_post(media: Media, viewer: Person | None, shown: list[str] | None) -> Any:
    """What a post shows, of which posts told these ids."""
    seen = {} if shown is None else {"mediaIds": shown}
    asked = {"__typename": "Post", "id": str(uuid4())} | seen
    headers = None if viewer is None else viewer.headers
    (found,) = (await data(media.subgraph, POST_MEDIA, headers, r=[asked]))["_entities"]
    return found["media"] and [one["id"] for one in found["media"]]


async def test_a_post_shows_its_media_in_their_order_to_who_may_see_the_post(media: Media) -> None:
    ada, grace = media.person(), media.person()
    first, second = [(await media.ready(ada, picture()))["id"] for _ in range(2)]
    avatar = (await media.ready(ada, picture(), purpose="AVATAR"))["id"]
    for viewer in (ada, grace, None):
        assert await of_post(media, viewer, [second, str(uuid4()), avatar, first]) == [second, first]
        assert await of_post(media, viewer, []) == []
        assert await of_post(media, viewer, None) is None, "whom posts tells no ids"


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
    mine, post = await media.ready(ada, picture()), str(uuid4())
    await media.uploaded(eve, picture())
    await media.shown_by(post, mine["id"])
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
