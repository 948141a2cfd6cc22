"""What somebody did in every domain comes with their export, and goes with their account."""

from __future__ import annotations

from typing import Any

from subgraphs.interactions import models as interactions
from subgraphs.kit.peers import PeerUnavailable
from subgraphs.kit.records import MOST, cut
from subgraphs.posts import models as posts
from tests.subgraphs.mesh import Mesh, Person

EXPORT = "{ accountExport }"
POLL = "post { id poll { options { id } } }"


async def busy(ada: Person, grace: Person) -> str:
    """Ada does everything one can do with a post of Grace's; its id."""
    given = {"content": "Tea?", "poll": {"options": ["yes", "no"]}}
    made = (await grace.act("createPost", POLL, **given))["post"]
    post, option = made["id"], made["poll"]["options"][0]["id"]
    own = (await ada.act("createPost", "post { id }", content="mine @grace #tea"))["post"]["id"]
    await ada.act("updatePost", "post { id }", postId=own, content="edited")
    await ada.act("voteInPoll", "post { id }", postId=post, optionIds=[option])
    await ada.act("repostPost", "post { id }", postId=post, comment="look")
    await ada.act("sharePost", "post { id }", postId=post, target="LINK")
    await ada.act("bookmarkPost", "post { id }", postId=post)
    await ada.act("reportPost", "post { id }", postId=post, reason="OTHER", note="hm")
    await ada.act("likePost", "post { id }", postId=post)
    await ada.act("createComment", "comment { id }", postId=post, text="Yes!")
    cursor = (await ada.ask("{ feed { edges { cursor } } }"))["feed"]["edges"]
    if cursor:
        await ada.act("markFeedSeen", "newPostCount", cursor=cursor[0]["cursor"])
    return str(post)


async def test_an_export_has_what_one_did_in_every_domain_and_nothing_of_others(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await mesh.settle()
    post = await busy(ada, grace)
    told = (await ada.ask(EXPORT))["accountExport"]
    kept = told["posts"]
    assert {name: len(rows) for name, rows in kept.items()} == {
        "posts": 1,
        "post_images": 0,
        "post_media": 0,
        "post_edits": 1,
        "poll_votes": 1,
        "reposts": 1,
        "shares": 1,
        "bookmarks": 1,
        "reports": 1,
    }
    assert kept["post_edits"][0]["content"] == "mine @grace #tea"
    assert {kept[name][0]["post_id"] for name in ("poll_votes", "reposts", "shares", "bookmarks")} == {post}
    assert [like["post_id"] for like in told["interactions"]["likes"]] == [post]
    assert "Yes!" in str(told["interactions"]["comments"])
    assert "not asked" not in told
    others = str((await grace.ask(EXPORT))["accountExport"])
    assert ada.id not in others


async def test_what_somebody_did_goes_with_their_account(mesh: Mesh) -> None:
    ada, grace = await mesh.sign_up("ada"), await mesh.sign_up("grace")
    await mesh.settle()
    await busy(ada, grace)
    await ada.act("deleteAccount", "userId", password="correct horse")
    await mesh.settle()
    tables: dict[str, Any] = {"posts": posts.metadata, "interactions": interactions.metadata}
    for domain, metadata in tables.items():
        for table in metadata.tables:
            assert ada.id not in str(await mesh.run(domain, f"SELECT * FROM {table}")), table
        assert ada.id not in str(await mesh.run(domain, "SELECT * FROM reports"))


async def test_an_export_is_whole_or_says_that_somebody_is_away(mesh: Mesh) -> None:
    ada = await mesh.sign_up("ada")

    class Away:
        async def send(self, _question: object) -> dict[str, Any]:
            raise PeerUnavailable("posts", "away")

    there, mesh.peers["posts"] = mesh.peers["posts"], Away()
    headers = {"authorization": f"Bearer {ada.access}"}
    answer = await mesh.router.execute({"query": EXPORT}, headers=headers)
    assert answer["data"] == {"accountExport": None}
    assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
    del mesh.peers["posts"]
    assert (await ada.ask(EXPORT))["accountExport"]["not asked"] == ["posts"]
    mesh.peers["posts"] = there


def test_a_list_that_is_too_long_is_cut_and_says_so() -> None:
    told = cut({"likes": list(range(MOST + 1)), "comments": [1]})
    assert (len(told["likes"]), told["cut"]) == (MOST, ["likes"])
