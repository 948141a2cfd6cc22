"""Ten everyday operations, as a frontend would send them. `$user`, `$artist`, `$event` and `$post` are the
first of each in the demo world; who asks is logged in where it says so.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_IDS = """{
  users(first: 2) { nodes { id } } artists(first: 1) { nodes { id } }
  events(first: 1) { nodes { id } } posts(first: 1) { nodes { id } }
}"""


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    text: str
    variable: str | None = None
    as_viewer: bool = False


def operations_of_everyday() -> tuple[Operation, ...]:
    from plait.cli.first_operation import FIRST_OPERATION

    return (
        Operation("README's first", FIRST_OPERATION),
        Operation(
            "home: events, hosts, posts",
            """{ events(first: 20) { nodes { id title startsAt category attendeeCount
                 host { username displayName avatarUrl }
                 posts(first: 2) { nodes { id content createdAt author { username } } } }
                 pageInfo { hasNextPage endCursor } } }""",
        ),
        Operation(
            "profile with followers",
            """query($user: ID!) { user(id: $user) { username displayName bio avatarUrl followerCount
                 followingCount followers(first: 20) { edges { followedAt node { id username displayName } } }
                 } }""",
            "user",
        ),
        Operation(
            "my profile",
            "{ me { id username email roles avatarUrl followerCount bio createdAt } }",
            as_viewer=True,
        ),
        Operation(
            "posts with authors",
            """{ posts(first: 20) { nodes { id type content createdAt bookmarkCount images { url altText }
                 author { id username displayName avatarUrl } } pageInfo { hasNextPage endCursor } } }""",
        ),
        Operation(
            "artist: albums, tracks",
            """query($artist: ID!) { artist(id: $artist) { name bio isVerified albums(first: 10) { nodes {
                 title releaseDate coverUrl tracks { title trackNumber durationSeconds } } } } }""",
            "artist",
        ),
        Operation(
            "event with attendees",
            """query($event: ID!) { event(id: $event) { title description startsAt endsAt venue { name city }
                 host { username } attendeeCount viewerAttendance
                 attendees(first: 20) { edges { answeredAt node { username avatarUrl } } } } }""",
            "event",
            as_viewer=True,
        ),
        Operation(
            "one post",
            """query($post: ID!) { post(id: $post) { content createdAt permalink viewerHasBookmarked
                 author { username displayName } event { title startsAt } } }""",
            "post",
            as_viewer=True,
        ),
        Operation(
            "mutation: follow",
            """mutation($user: ID!) { followUser(input: {userId: $user}) { user { id followerCount }
                 errors { code message } } }""",
            "user",
            as_viewer=True,
        ),
        Operation(
            "mutation: bookmark",
            """mutation($post: ID!) { bookmarkPost(input: {postId: $post}) { post { id bookmarkCount }
                 errors { code message } } }""",
            "post",
            as_viewer=True,
        ),
    )
