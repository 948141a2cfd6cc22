"""Finding posts: by their words, by a hashtag, by whom they mention. And what they said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from subgraphs.kit.auth import Viewer
from subgraphs.kit.pages import Page, PageRequest
from subgraphs.posts.languages import configuration_of
from subgraphs.posts.repository.protocol import EditRepository, SearchRepository, TagRepository
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.tags import Hashtag
from subgraphs.posts.values import AuthorId, Edit, EditId, FoundPost, Mention, Post, PostId, Sought


@dataclass(frozen=True, slots=True)
class Finding:
    tags: TagRepository
    texts: SearchRepository
    edits: EditRepository

    async def sought(self, text: str, language: str | None, viewer: Viewer | None) -> Sought:
        """In the language that is said, or the one the viewer reads in."""
        if language is None and viewer is not None:
            language = await self.texts.find_language(AuthorId(viewer.id))
        return Sought(text, configuration_of(language))

    async def search(self, sought: Sought, viewer: Viewer | None, page: PageRequest) -> Page[FoundPost]:
        """Of the newest thousand that match, the best first."""
        return await self.texts.search(sought, reader_of(viewer), page)

    async def count_found(self, sought: Sought, viewer: Viewer | None) -> int:
        return await self.texts.count(sought, reader_of(viewer))

    async def find_hashtags(self, posts: Sequence[PostId]) -> Mapping[PostId, tuple[Hashtag, ...]]:
        """Of posts the viewer was shown."""
        return await self.tags.find_hashtags(posts)

    async def find_mentions(
        self, posts: Sequence[PostId], viewer: Viewer | None
    ) -> Mapping[PostId, tuple[Mention, ...]]:
        """Of posts the viewer was shown: who is there for them."""
        return await self.tags.find_mentions(posts, reader_of(viewer))

    async def list_by_hashtags(
        self, names: Sequence[str], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[str, Page[Post]]:
        return await self.tags.list_by_hashtags(names, reader_of(viewer), page)

    async def count_by_hashtags(self, names: Sequence[str], viewer: Viewer | None) -> Mapping[str, int]:
        return await self.tags.count_by_hashtags(names, reader_of(viewer))

    async def list_mentioning(
        self, people: Sequence[AuthorId], viewer: Viewer | None, page: PageRequest
    ) -> Mapping[AuthorId, Page[Post]]:
        return await self.tags.list_mentioning(people, reader_of(viewer), page)

    async def count_mentioning(
        self, people: Sequence[AuthorId], viewer: Viewer | None
    ) -> Mapping[AuthorId, int]:
        return await self.tags.count_mentioning(people, reader_of(viewer))

    async def find_edits(self, ids: Sequence[EditId], viewer: Viewer | None) -> Mapping[EditId, Edit]:
        """Those of them that are for the viewer."""
        return {} if viewer is None else await self.edits.find_by_ids(ids, reader_of(viewer))

    async def list_edits(self, posts: Sequence[PostId], page: PageRequest) -> Mapping[PostId, Page[Edit]]:
        """Of posts whose author, or an administrator, asks."""
        return await self.edits.list_edits(posts, page)

    async def count_edits(self, posts: Sequence[PostId]) -> Mapping[PostId, int]:
        return await self.edits.count_edits(posts)
