"""One contract for both repositories of posts: PostgreSQL and memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from db.postgres import connect
from subgraphs.kit.pages import PageRequest
from subgraphs.posts.repository import InMemoryPostRepository, PostgresPostRepository, PostRepository
from subgraphs.posts.values import (
    NEWEST_BOOKMARKS,
    NEWEST_POSTS,
    AuthorId,
    EventId,
    Image,
    NewPost,
    Post,
    PostChange,
    PostId,
    PostType,
    Visibility,
)
from tests.support.postgres import migrated_stores

ADA, GRACE, READER = AuthorId(uuid4()), AuthorId(uuid4()), AuthorId(uuid4())
PAGE = PageRequest(NEWEST_POSTS, 3)


@pytest.fixture(params=["memory", "postgres"])
async def posts(request: pytest.FixtureRequest) -> AsyncIterator[PostRepository]:
    if request.param == "memory":
        yield InMemoryPostRepository()
        return
    async with migrated_stores() as stores:
        database = connect(stores["posts"])
        yield PostgresPostRepository(database)
        await database.close()


async def write(posts: PostRepository, content: str, author: AuthorId = ADA, **details: Any) -> Post:
    settings = {
        "type": PostType.TEXT,
        "event_id": None,
        "visibility": Visibility.PUBLIC,
        "images": (),
    } | details
    return await posts.add(NewPost(id=PostId(uuid4()), author_id=author, content=content, **settings))


def contents(page: Any) -> list[str]:
    return [post.content for post in page.items]


async def test_a_post_is_kept_with_its_images_in_order(posts: PostRepository) -> None:
    images = tuple(Image(f"https://x.example/{n}.jpg", f"Number {n}" if n else None) for n in range(3))
    post = await write(posts, "Look", type=PostType.IMAGES, images=images)
    plain = await write(posts, "Nothing to see")
    assert await posts.find_by_ids([post.id, plain.id, PostId(uuid4())]) == {post.id: post, plain.id: plain}
    assert await posts.list_images([post.id, plain.id]) == {post.id: images}


async def test_lists_hold_what_the_reader_may_see(posts: PostRepository) -> None:
    await write(posts, "for all")
    await write(posts, "for followers", visibility=Visibility.FOLLOWERS)
    await write(posts, "for me", visibility=Visibility.PRIVATE)
    assert contents(await posts.list_newest(None, PAGE)) == ["for all"]
    assert contents(await posts.list_newest(GRACE, PAGE)) == ["for all"]
    assert contents(await posts.list_newest(ADA, PAGE)) == ["for me", "for followers", "for all"]


async def test_the_posts_of_many_authors_come_together(posts: PostRepository) -> None:
    for number in range(5):
        await write(posts, f"ada {number}")
    await write(posts, "grace 0", GRACE)
    await write(posts, "grace hidden", GRACE, visibility=Visibility.PRIVATE)
    pages = await posts.list_by_authors([ADA, GRACE, READER], None, PAGE)
    assert contents(pages[ADA]) == ["ada 4", "ada 3", "ada 2"]
    assert (pages[ADA].has_next, contents(pages[GRACE]), contents(pages[READER])) == (True, ["grace 0"], [])
    older = PageRequest(NEWEST_POSTS, 3, after=pages[ADA].items[-1].position)
    assert contents((await posts.list_by_authors([ADA], None, older))[ADA]) == ["ada 1", "ada 0"]
    oldest = PageRequest(NEWEST_POSTS, 2, backward=True)
    assert contents((await posts.list_by_authors([ADA], None, oldest))[ADA]) == ["ada 1", "ada 0"]


async def test_the_posts_about_an_event_come_together(posts: PostRepository) -> None:
    concert, match = EventId(uuid4()), EventId(uuid4())
    await write(posts, "great", type=PostType.EVENT, event_id=concert)
    await write(posts, "greater", GRACE, type=PostType.EVENT, event_id=concert)
    pages = await posts.list_by_events([concert, match], None, PAGE)
    assert (contents(pages[concert]), contents(pages[match])) == (["greater", "great"], [])


async def test_a_post_changes_only_in_what_is_given(posts: PostRepository) -> None:
    post = await write(posts, "first")
    changed = await posts.update(post.id, PostChange(content="second"))
    assert changed is not None
    assert (changed.content, changed.visibility) == ("second", Visibility.PUBLIC)
    assert changed.updated_at > post.updated_at
    hidden = await posts.update(post.id, PostChange(visibility=Visibility.PRIVATE))
    assert hidden is not None
    assert (hidden.content, hidden.visibility) == ("second", Visibility.PRIVATE)
    assert await posts.update(PostId(uuid4()), PostChange(content="x")) is None


async def test_a_removed_post_takes_its_images_and_bookmarks_along(posts: PostRepository) -> None:
    post = await write(posts, "x", type=PostType.IMAGES, images=(Image("https://x.example/1.jpg", None),))
    await posts.bookmark(READER, post.id)
    await posts.remove(post.id)
    await posts.remove(post.id)
    assert await posts.find_by_ids([post.id]) == {}
    assert await posts.list_images([post.id]) == {}
    assert await posts.find_bookmarked(READER, [post.id]) == frozenset()
    await posts.bookmark(READER, post.id)


async def test_bookmarks_are_listed_latest_first_and_only_while_visible(posts: PostRepository) -> None:
    older, newer = await write(posts, "older"), await write(posts, "newer")
    await posts.bookmark(READER, newer.id)
    await posts.bookmark(READER, older.id)
    await posts.bookmark(READER, newer.id)
    page = await posts.list_bookmarks(READER, PageRequest(NEWEST_BOOKMARKS, 5))
    assert [bookmark.post.content for bookmark in page.items] == ["older", "newer"]
    second = await posts.list_bookmarks(
        READER, PageRequest(NEWEST_BOOKMARKS, 5, after=page.items[0].position)
    )
    assert [bookmark.post.content for bookmark in second.items] == ["newer"]
    assert await posts.find_bookmarked(READER, [older.id, newer.id]) == {older.id, newer.id}
    await posts.remove_bookmark(READER, older.id)
    await posts.update(newer.id, PostChange(visibility=Visibility.PRIVATE))
    assert (await posts.list_bookmarks(READER, PageRequest(NEWEST_BOOKMARKS, 5))).items == ()
