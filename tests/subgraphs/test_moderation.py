"""Reports and what moderators do about them: of posts, comments and people, in the whole graph.

One world for all of it: who may what, that nobody hears who reported, and that what is hidden is hidden by
every way to it and back again as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest_asyncio

from tests.subgraphs.mesh import Mesh, Person

ROLES = {"moderator": "ROLE_MODERATOR", "admin": "ROLE_ADMIN", "teacher": "ROLE_TEACHER"}
NAMES = ("author", "reader", "reporter", *ROLES)
WHY = "It is what it is."
POST, COMMENT = (
    "query($id: ID!) { post(id: $id) { id visibility } }",
    "query($id: ID!) { comment(id: $id) { id } }",
)
QUEUES = {
    "Post": """{ reportedPosts {
        totalCount edges { node { id } reportCount reasons { reason count } notes } } }""",
    "Comment": """{ reportedComments {
        totalCount edges { node { id } reportCount reasons { reason count } notes } } }""",
    "User": """{ reportedUsers {
        totalCount edges { node { id } reportCount reasons { reason count } notes } } }""",
}
AUDIT = "SELECT action, entity, entity_id, changes->'why'->>1, actor FROM audit WHERE action = :action"
THREAD = """query($id: ID!) { post(id: $id) { comments {
    nodes { text isHidden isRemoved author { username } } } } }"""


@dataclass(frozen=True)
class World:
    mesh: Mesh
    people: Mapping[str, Person]

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    async def post(self, **given: Any) -> str:
        made = await self["author"].act("createPost", "post { id }", content="About tea", **given)
        return str(made["post"]["id"])

    async def comment(self, post: str) -> str:
        made = await self["author"].act("createComment", "comment { id }", postId=post, text="Rude")
        return str(made["comment"]["id"])

    async def code(self, who: str, mutation: str, **given: Any) -> str:
        """Of the GraphQL error, or of the first refusal; "" when it was done."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ errors {{ code }} }} }}"
        headers = {} if who == "nobody" else {"authorization": f"Bearer {self[who].access}"}
        answer = await self.mesh.router.execute(
            {"query": query, "variables": {"input": given}}, headers=headers
        )
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        refused = answer["data"][mutation]["errors"]
        return str(refused[0]["code"]) if refused else ""

    async def sees(self, who: str, post: str) -> bool:
        return (await self[who].ask(POST, id=post))["post"] is not None


@pytest_asyncio.fixture(loop_scope="module")
async def world(mesh: Mesh) -> World:
    for name in NAMES:
        await mesh.sign_up(name)
    for name, role in ROLES.items():
        await mesh.run(
            "users",
            """INSERT INTO user_roles SELECT u.id, r.id FROM users u, roles r
                WHERE u.username = :name AND r.name = :role""",
            name=name,
            role=role,
        )
    await mesh.settle()
    return World(mesh, {name: await mesh.log_in(name) for name in NAMES})


DECISIONS = ("hidePost", "showPost", "dismissPostReports", "takeDownPost")


async def test_who_may_report_and_who_may_decide(world: World) -> None:
    """Role × what is done to a post, a comment, and somebody."""
    post = await world.post()
    comment = await world.comment(post)
    about = {"postId": post, "reason": "SPAM"}
    reporting = {who: await world.code(who, "reportPost", **about) for who in ("nobody", *NAMES)}
    assert reporting == {
        "nobody": "UNAUTHENTICATED",
        "author": "INVALID_INPUT",
        **dict.fromkeys(("reader", "reporter", *ROLES), ""),
    }
    denied = {"nobody": "UNAUTHENTICATED"} | dict.fromkeys(
        ("author", "reader", "reporter", "teacher"), "FORBIDDEN"
    )
    for mutation in (*DECISIONS, *(each.replace("Post", "Comment") for each in DECISIONS)):
        subject = {"postId": post} if "Post" in mutation else {"commentId": comment}
        given = {who: await world.code(who, mutation, **subject, why=WHY) for who in denied}
        assert given == denied, mutation
    for who in denied:
        assert await world.code(who, "dismissUserReports", userId=world["author"].id, why=WHY) == denied[who]
        for queue in QUEUES.values():
            headers = {} if who == "nobody" else {"authorization": f"Bearer {world[who].access}"}
            answer = await world.mesh.router.execute({"query": queue}, headers=headers)
            assert answer["errors"][0]["extensions"]["code"] == denied[who]
    for who in ("moderator", "admin"):
        for mutation in DECISIONS[:3]:
            assert await world.code(who, mutation, postId=post, why=WHY) == ""
            of_comment = mutation.replace("Post", "Comment")
            assert await world.code(who, of_comment, commentId=comment, why=WHY) == ""
        own = (await world[who].act("createPost", "post { id }", content="Mine"))["post"]["id"]
        assert await world.code(who, "hidePost", postId=own, why=WHY) == "FORBIDDEN"
    assert await world.code("moderator", "takeDownComment", commentId=comment, why=WHY) == ""
    assert await world.code("moderator", "takeDownPost", postId=post, why=WHY) == ""
    assert await world.code("moderator", "takeDownPost", postId=post, why=WHY) == "NOT_FOUND"


async def test_a_report_counts_once_waits_in_the_queue_and_names_nobody(world: World) -> None:
    post = await world.post()
    comment = await world.comment(post)
    author = world["author"].id
    subjects = {"Post": {"postId": post}, "Comment": {"commentId": comment}, "User": {"userId": author}}
    for kind, subject in subjects.items():
        for _ in range(2):
            given = {**subject, "reason": "SPAM", "note": "Look at this"}
            assert await world.code("reporter", f"report{kind}", **given) == ""
        assert await world.code("reader", f"report{kind}", **subject, reason="HATE") == ""
        told = await world["moderator"].ask(QUEUES[kind])
        (queue,) = told.values()
        (case,) = queue["edges"]
        reasons = {each["reason"]: each["count"] for each in case["reasons"]}
        assert (queue["totalCount"], case["reportCount"], reasons) == (1, 2, {"SPAM": 1, "HATE": 1})
        assert (case["node"], case["notes"]) == ({"id": next(iter(subject.values()))}, ["Look at this"])
        assert await world.code("moderator", f"dismiss{kind}Reports", **subject, why=WHY) == ""
        (queue,) = (await world["moderator"].ask(QUEUES[kind])).values()
        assert queue == {"totalCount": 0, "edges": []}
        assert await world.code("reader", f"report{kind}", **subject, reason="HATE") == "", "decided already"
        (queue,) = (await world["moderator"].ask(QUEUES[kind])).values()
        assert queue["totalCount"] == 0
        assert await world.code("teacher", f"report{kind}", **subject, reason="OTHER") == "", "somebody else"
        (queue,) = (await world["moderator"].ask(QUEUES[kind])).values()
        assert queue["edges"][0]["reportCount"] == 3
    for domain in ("posts", "interactions", "users"):
        written = await world.mesh.run(
            domain, "SELECT actor, changes::text FROM audit WHERE action = 'dismiss'"
        )
        assert [actor for actor, _changes in written] == [world["moderator"].id]
        for name in ("reporter", "reader"):
            told = await world.mesh.run(
                domain, "SELECT payload::text FROM outbox WHERE topic LIKE '%moderation'"
            )
            assert world[name].id not in str([written, told])
    exported = await world["author"].ask("{ accountExport }")
    assert world["reporter"].id not in str(exported)


async def test_a_hidden_post_is_its_authors_and_the_moderators_until_it_is_shown_as_it_was(
    world: World,
) -> None:
    await world["reader"].act("followUser", "user { id }", userId=world["author"].id)
    await world.mesh.settle()
    post = await world.post(visibility="FOLLOWERS")
    assert await world.sees("reader", post)
    assert not await world.sees("moderator", post), "nothing to decide"
    assert await world.code("reader", "reportPost", postId=post, reason="HATE") == ""
    assert await world.sees("moderator", post)
    for _ in range(2):
        assert await world.code("moderator", "hidePost", postId=post, why=WHY) == ""
    seen = {who: await world.sees(who, post) for who in ("reader", "author", "moderator", "admin")}
    assert seen == {"reader": False, "author": True, "moderator": True, "admin": True}
    search = (await world["reader"].ask('{ searchPosts(text: "tea") { totalCount } }'))["searchPosts"]
    assert search["totalCount"] == 0
    assert await world.code("author", "updatePost", postId=post, visibility="PUBLIC") == ""
    assert not await world.sees("reader", post), "its author cannot show it"
    assert await world.code("moderator", "showPost", postId=post, why="A mistake.") == ""
    assert (await world["teacher"].ask(POST, id=post))["post"] == {"id": post, "visibility": "PUBLIC"}
    audited = [row[0:4] for row in await world.mesh.run("posts", AUDIT, action="hide")]
    assert audited == [("hide", "post", post, WHY)], "once"
    told = await world.mesh.run(
        "posts", "SELECT payload FROM outbox WHERE topic = 'posts.moderation' ORDER BY id"
    )
    assert [(payload["outcome"], payload["why"]) for (payload,) in told] == [
        ("HIDDEN", WHY),
        ("SHOWN", "A mistake."),
    ]


async def test_a_hidden_comment_keeps_its_place_and_says_nothing(world: World) -> None:
    post = await world.post()
    comment = await world.comment(post)
    assert await world.code("moderator", "hideComment", commentId=comment, why=WHY) == ""
    hidden = {"text": None, "isHidden": True, "isRemoved": True, "author": None}
    shown = {"text": "Rude", "isHidden": True, "isRemoved": False, "author": {"username": "author"}}
    for who, expected in {"reader": hidden, "author": shown, "moderator": shown}.items():
        thread = (await world[who].ask(THREAD, id=post))["post"]["comments"]["nodes"]
        assert thread == [expected], who
    assert (await world["reader"].ask(COMMENT, id=comment))["comment"] is None
    assert await world.code("reader", "likeComment", commentId=comment) == "NOT_FOUND"
    answered = {"postId": post, "parentId": comment, "text": "You too"}
    assert await world.code("reader", "createComment", **answered) == "NOT_FOUND"
    assert await world.code("author", "updateComment", commentId=comment, text="Polite") == ""
    thread = (await world["reader"].ask(THREAD, id=post))["post"]["comments"]["nodes"]
    assert thread == [hidden], "an edit does not show it"
    assert await world.code("moderator", "showComment", commentId=comment, why=WHY) == ""
    thread = (await world["reader"].ask(THREAD, id=post))["post"]["comments"]["nodes"]
    assert thread == [{**shown, "text": "Polite", "isHidden": False}]


async def test_what_is_taken_down_is_gone_with_its_case_and_written_down(world: World) -> None:
    post = await world.post()
    comment = await world.comment(post)
    assert await world.code("reader", "reportComment", commentId=comment, reason="HATE") == ""
    assert await world.code("reader", "reportPost", postId=post, reason="HATE") == ""
    assert await world.code("moderator", "takeDownComment", commentId=comment, why=WHY) == ""
    assert await world.code("moderator", "takeDownPost", postId=post, why=WHY) == ""
    for queue in QUEUES.values():
        (left,) = (await world["moderator"].ask(queue)).values()
        assert left["edges"] == []
    for domain, entity, key in (("posts", "post", post), ("interactions", "comment", comment)):
        ((*told, actor),) = await world.mesh.run(domain, AUDIT, action="take_down")
        assert (told, actor) == (["take_down", entity, key, WHY], world["moderator"].id)
    assert not await world.sees("author", post)
    for who, another in {"author": await world.post(), "admin": await world.post()}.items():
        assert await world.code(who, "deletePost", postId=another) == ""
    deleted = await world.mesh.run("posts", AUDIT, action="delete")
    assert [row[4] for row in deleted] == [world["admin"].id], "whose post it is does so unnoted"


async def test_what_somebody_who_is_gone_reported_stays_reported_by_nobody(world: World) -> None:
    post = await world.post()
    assert await world.code("reader", "reportPost", postId=post, reason="HATE", note="mine") == ""
    await world["reader"].act("deleteAccount", "userId", password="correct horse")
    await world.mesh.settle()
    (queue,) = (await world["moderator"].ask(QUEUES["Post"])).values()
    assert queue["edges"][0]["reportCount"] == 1
    assert await world.mesh.run("posts", "SELECT * FROM reports") == []
