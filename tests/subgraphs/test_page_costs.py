"""Everyday lists over 100,000 rows read O(page) buffers: each statement of an operation, explained.

A page of 20 needs some tens of buffers; what reads a table, or all there is of somebody, needs thousands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from db.config import DomainStore
from db.postgres import Database, connect
from subgraphs.kit.subgraph import Subgraph
from tests.subgraphs.support import Person, build_over, config_in, data
from tests.support.postgres import SHARED, administer, sent_statements, shared_server

ROWS = 100_000
ME = UUID(int=7)
MOST_BUFFERS = 400
USERS = f"""INSERT INTO users.users (id, username, email, password_hash, created_at)
    SELECT md5('u' || g)::uuid, 'user' || g, g || '@x.example', '', now() - g * interval '1 minute'
    FROM generate_series(1, {ROWS}) g"""
ALONE = """DO $$ BEGIN FOR attempt IN 1..300 LOOP
    PERFORM pg_stat_clear_snapshot();
    EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL);
    PERFORM pg_sleep(0.1);
END LOOP; END $$"""
"""VACUUM marks nothing as seen by all while somebody (autovacuum, say) still looks at an older state."""
FILL = {
    "users": (
        USERS,
        f"""INSERT INTO users.users (id, username, email, password_hash)
            VALUES ('{ME}', 'me', 'me@x.example', '')""",
        f"""INSERT INTO users.follows (follower_id, followed_id, created_at)
            SELECT md5('u' || g)::uuid, '{ME}', now() - g * interval '1 s'
            FROM generate_series(1, {ROWS}) g""",
        f"""INSERT INTO users.follows (follower_id, followed_id, created_at)
            SELECT '{ME}', md5('u' || g)::uuid, now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        """INSERT INTO users.users (id, username, email, password_hash, created_at)
            SELECT md5('b' || g)::uuid, 'user' || 5 * g || 'b', g || '@y.example', '',
                now() - 5 * g * interval '1 minute'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO users.blocks (blocker_id, blocked_id, created_at)
            SELECT '{ME}', md5('b' || g)::uuid, now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO users.follow_requests (requester_id, requested_id, created_at)
            SELECT md5('u' || g)::uuid, '{ME}', now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO users.follow_requests (requester_id, requested_id, created_at)
            SELECT '{ME}', md5('u' || g)::uuid, now() - g * interval '1 s'
            FROM generate_series(20001, 40000) g""",
    ),
    "posts": (
        f"""INSERT INTO posts.posts (id, author_id, content, type, event_id, visibility, created_at)
            SELECT md5('p' || g)::uuid,
                CASE WHEN g % 5 = 0 THEN '{ME}' ELSE md5('u' || g % 1000)::uuid END, 'x',
                CASE WHEN g % 50 = 0 THEN 'EVENT' ELSE 'TEXT' END,
                CASE WHEN g % 50 = 0 THEN '{ME}'::uuid END,
                (ARRAY['PUBLIC', 'PUBLIC', 'PRIVATE'])[1 + g % 3], now() - g * interval '1 minute'
            FROM generate_series(1, {ROWS}) g""",
        f"INSERT INTO posts.bookmarks SELECT '{ME}', id, created_at FROM posts.posts LIMIT 20000",
        f"""INSERT INTO posts.reposts (user_id, post_id, created_at)
            SELECT '{ME}', id, created_at FROM posts.posts LIMIT 20000""",
        """INSERT INTO posts.reposts (user_id, post_id, created_at)
            SELECT md5('u' || g)::uuid, md5('p1')::uuid, now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        """INSERT INTO posts.post_hashtags (post_id, name, label, position, created_at)
            SELECT id, 'tea', 'tea', 0, created_at FROM posts.posts LIMIT 20000""",
        f"""INSERT INTO posts.post_mentions (post_id, user_id, label, position, created_at)
            SELECT id, '{ME}', 'me', 0, created_at FROM posts.posts LIMIT 20000""",
        f"INSERT INTO posts.follows SELECT '{ME}', md5('u' || g)::uuid FROM generate_series(1, 500) g",
        f"INSERT INTO posts.blocks SELECT '{ME}', md5('b' || g)::uuid FROM generate_series(1, 20000) g",
        "INSERT INTO posts.private_accounts SELECT md5('u' || g)::uuid FROM generate_series(400, 600) g",
    ),
    "catalog": (
        f"""INSERT INTO catalog.artists (id, name, created_at)
            SELECT md5('a' || g)::uuid, 'artist ' || g, now() - g * interval '1 minute'
            FROM generate_series(1, {ROWS}) g""",
        f"""INSERT INTO catalog.artist_managers (artist_id, user_id, created_at)
            SELECT md5('a' || g)::uuid, '{ME}', now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO catalog.albums (id, artist_id, title, release_date, cover_url, type)
            SELECT md5('l' || g)::uuid, md5('a' || 1 + g % 10)::uuid, 'x', current_date - g % 9000, 'https://x',
                (ARRAY['SINGLE', 'EP', 'ALBUM'])[1 + g % 3] FROM generate_series(1, {ROWS}) g""",
        f"""INSERT INTO catalog.tracks (id, album_id, title, duration_sec, track_number, file_key, created_at)
            SELECT md5('t' || g)::uuid, md5('l' || g)::uuid, 'x', 9, 1, g, now() - g * interval '1 s'
            FROM generate_series(1, {ROWS}) g""",
        """INSERT INTO catalog.genres (name) VALUES ('Rock')""",
        """INSERT INTO catalog.track_genres SELECT id, 1, created_at FROM catalog.tracks""",
        """INSERT INTO catalog.track_artists (track_id, artist_id, artist_type, created_at)
            SELECT id, md5('a1')::uuid, CASE WHEN duration_sec = 9 THEN 'MAIN' END, created_at
            FROM catalog.tracks""",
        f"""INSERT INTO catalog.playlists (id, owner_id, title, visibility, created_at)
            SELECT md5('y' || g)::uuid, '{ME}', 'x', 'PUBLIC', now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        """INSERT INTO catalog.playlist_entries (playlist_id, track_id, place)
            SELECT md5('y1')::uuid, md5('t' || g)::uuid, lpad(to_hex(g::bigint), 16, '0')
            FROM generate_series(1, 20000) g""",
        f"INSERT INTO catalog.saved_tracks SELECT '{ME}', id, created_at FROM catalog.tracks LIMIT 20000",
        f"INSERT INTO catalog.saved_albums SELECT '{ME}', id, created_at FROM catalog.albums LIMIT 20000",
    ),
    "events": (
        f"""INSERT INTO events.venues (id, name, address, city, latitude, longitude)
            SELECT md5('v' || g)::uuid, 'venue ' || g, 'x', 'c' || g % 50, 1, 1
            FROM generate_series(1, {ROWS}) g""",
        f"""INSERT INTO events.events (id, host_id, title, category, status, starts_at, ends_at, venue_id,
                published_at)
            SELECT md5('e' || g)::uuid, CASE WHEN g % 5 = 0 THEN '{ME}' ELSE md5('u' || g)::uuid END, 'x',
                (ARRAY['MUSIC', 'SPORTS'])[1 + g % 2], 'PUBLISHED', at,
                at + interval '2 h', md5('v1')::uuid, now()
            FROM generate_series(1, {ROWS}) g,
                LATERAL (SELECT now() + (g - {ROWS // 2}) * interval '1 h' AS at) times""",
        "ANALYZE events.events",  # Else what was there before decides how triggers find their rows.
        "SELECT events.complete_ended_events()",
        f"""INSERT INTO events.event_attendees (event_id, user_id)
            SELECT md5('e' || g)::uuid, '{ME}' FROM generate_series(1, {ROWS}, 5) g""",
        f"""INSERT INTO events.event_attendees (event_id, user_id)
            SELECT md5('e{ROWS}')::uuid, md5('u' || g)::uuid FROM generate_series(1, 20000) g""",
        f"""INSERT INTO events.events
                (id, tenant_id, host_id, title, status, starts_at, ends_at, published_at)
            SELECT md5('t' || g)::uuid, '{ME}', md5('u' || g)::uuid, 'x',
                (ARRAY['PUBLISHED', 'CANCELLED'])[1 + g % 2], at, at + interval '2 h', now()
            FROM generate_series(1, 20000) g, LATERAL (SELECT now() + g * interval '1 h' AS at) times""",
        f"""INSERT INTO events.invitations (event_id, inviter_id, invitee_id, created_at)
            SELECT md5('e' || g)::uuid, md5('u' || g)::uuid, '{ME}', now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO events.invitations (event_id, inviter_id, invitee_id, created_at)
            SELECT md5('e' || g)::uuid, '{ME}', md5('u' || g)::uuid, now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO events.event_qna (id, event_id, user_id, question, upvote_count, created_at)
            SELECT md5('q' || g)::uuid, md5('e{ROWS}')::uuid, md5('u' || g)::uuid, 'x', g % 100,
                now() - g * interval '1 s' FROM generate_series(1, 20000) g""",
        f"""INSERT INTO events.event_qna_upvotes (question_id, user_id)
            SELECT id, '{ME}' FROM events.event_qna""",
        """INSERT INTO events.reviews (event_id, reviewer_id, rating, created_at)
            SELECT md5('e1')::uuid, md5('u' || g)::uuid, 1 + g % 5, now() - g * interval '1 s'
            FROM generate_series(1, 20000) g""",
        f"""INSERT INTO events.blocks SELECT '{ME}', md5('b' || g)::uuid FROM generate_series(1, 20000) g""",
    ),
    "interactions": (
        f"""INSERT INTO interactions.comments
                (id, post_id, post_author_id, depth, author_id, document, like_count, created_at)
            SELECT md5('c' || g)::uuid, '{ME}', '{ME}', 0, md5('u' || g)::uuid, '{{"text": "x"}}', g % 100,
                now() - g * interval '1 s' FROM generate_series(1, {ROWS}) g""",
        f"""INSERT INTO interactions.likes (target_id, post_id, user_id, created_at)
            SELECT '{ME}', '{ME}', md5('u' || g)::uuid, now() - g * interval '1 s'
            FROM generate_series(1, {ROWS}) g""",
        f"INSERT INTO interactions.post_counts VALUES ('{ME}', {ROWS}, {ROWS})",
        f"INSERT INTO interactions.blocks SELECT '{ME}', md5('b' || g)::uuid FROM generate_series(1, 1000) g",
    ),
    "feed": (
        f"""INSERT INTO feed.known_posts (id, author_id, created_at)
            SELECT md5('p' || g)::uuid, md5('u' || g % 1000)::uuid, now() - g * interval '1 minute'
            FROM generate_series(1, {ROWS}) g""",
        f"INSERT INTO feed.follows SELECT '{ME}', md5('u' || g)::uuid FROM generate_series(1, 50) g",
        f"""INSERT INTO feed.follows SELECT md5('f' || g)::uuid, md5('u' || g % 1000)::uuid
            FROM generate_series(1, {ROWS}) g""",
    ),
}
FILL["tickets"] = (
    "SET session_replication_role = replica",
    f"""INSERT INTO tickets.events (id, host_id, status, is_public, starts_at, ends_at)
        SELECT md5('e' || g)::uuid, '{ME}', 'PUBLISHED', true,
            now() + interval '1 day', now() + interval '2 days' FROM generate_series(1, 5000) g""",
    f"""INSERT INTO tickets.ticket_types (id, event_id, name, quantity)
        SELECT md5('k' || g)::uuid,
            CASE WHEN g <= 20 THEN '{ME}' ELSE md5('e' || g % 5000)::uuid END, 'x', {ROWS}
        FROM generate_series(1, 20000) g""",
    f"""INSERT INTO tickets.events (id, host_id, status, is_public, starts_at, ends_at)
        VALUES ('{ME}', '{ME}', 'PUBLISHED', true, now() + interval '1 day', now() + interval '2 days')""",
    f"""INSERT INTO tickets.registrations (id, event_id, ticket_type_id, user_id, status, confirmation_code,
            price_minor, created_at)
        SELECT md5('r' || g)::uuid, CASE WHEN g % 5 = 1 THEN '{ME}' ELSE md5('e' || g % 5000)::uuid END,
            md5('k' || 1 + g % 20000)::uuid, CASE WHEN g % 5 = 0 THEN '{ME}' ELSE md5('u' || g)::uuid END,
            'CONFIRMED', g, 0, now() - g * interval '1 s' FROM generate_series(1, {ROWS}) g""",
    """INSERT INTO tickets.tickets (registration_id, event_id, holder_id, issued_at)
        SELECT id, event_id, user_id, created_at FROM tickets.registrations""",
)
FILL["payments"] = (
    "SET session_replication_role = replica",
    f"""INSERT INTO payments.payments
            (id, host_id, event_id, registration_id, user_id, amount_cents, currency, due_until, created_at)
        SELECT md5('p' || g)::uuid, '{ME}', '{ME}', CASE WHEN g = 1 THEN '{ME}' ELSE md5('r' || g)::uuid END,
            '{ME}', 5, 'EUR', now(), now() FROM generate_series(1, {ROWS}) g""",
)
FILL["media"] = (
    f"""INSERT INTO media.media
            (id, user_id, filename, content_type, size, bucket, path, purpose, kind, expires_at, created_at)
        SELECT md5('m' || g)::uuid,
            CASE WHEN g <= 10 OR g % 5 = 0 THEN '{ME}' ELSE md5('u' || g % 1000)::uuid END, 'x', 'image/jpeg',
            1, 'b', 'k', 'POST', 'IMAGE', now(), now() - g * interval '1 minute'
        FROM generate_series(1, {ROWS}) g""",
    f"""INSERT INTO media.attachments (post_id, media_id)
        SELECT CASE WHEN g <= 10 THEN '{ME}' ELSE md5('p' || g / 5)::uuid END, md5('m' || g)::uuid
        FROM generate_series(1, {ROWS}) g""",
)
AS_ME = f"SELECT set_config('app.user_id', '{ME}', true)"
"""As the repositories do before they read: what policies go by."""
MINE = (
    'query($me: ID!) { _entities(representations: [{__typename: "User", id: $me}]) { ... on User { %s } } }'
)
OURS = MINE.replace("User", "Organization")
REVIEWED = f'{{ event(id: "{UUID(hashlib.md5(b"e1").hexdigest())}") {{ id %s }} }}'
"""The first event of all, which is over."""
POST = MINE.replace("User", "Post").replace("id: $me", "id: $me, author: {id: $me}")
SHOWN = json.dumps(
    [str(UUID(md5(f"m{g}".encode(), usedforsecurity=False).hexdigest())) for g in range(1, 11)]
)
OWN = (
    "followRequests",
    "sentFollowRequests",
    "blockedUsers",
    "bookmarked",
    "eventInvitations",
    "sentEventInvitations",
    "feed",
    "registrations",
    "tickets {",
    "payment {",
    "myMedia",
    "media {",
    "library {",
)
"""Lists that only their owner sees."""
LISTS = {
    "users": (
        "{ users { nodes { id } } }",
        "{ users(orderBy: OLDEST) { nodes { id } } }",
        "{ users(orderBy: USERNAME) { nodes { id } } }",
        "{ users(last: 20) { nodes { id } } }",
        '{ searchUsers(text: "user") { nodes { id } } }',
        '{ searchUsers(text: "user777") { nodes { id } } }',
        '{ searchUsers(text: "uzer777") { nodes { id } } }',
        '{ searchUsers(text: "user", filter: {joinedAfter: "2000-01-01T00:00:00Z"}) { nodes { id } } }',
        MINE % "followers { nodes { id } }",
        MINE % "following { nodes { id } }",
        *(MINE % f"{own} {{ nodes {{ id }} }}" for own in OWN[:3]),
    ),
    "posts": (
        "{ posts { nodes { id } } }",
        "{ posts(orderBy: OLDEST) { nodes { id } } }",
        "{ posts(filter: {type: EVENT}) { nodes { id } } }",
        "query($me: ID!) { posts(filter: {authorId: $me}) { nodes { id } } }",
        "{ bookmarkedPosts { nodes { id } } }",
        "{ posts(first: 1) { nodes { id reposters { nodes { id } } } } }",
        MINE % "reposts { nodes { id } }",
        MINE % "mentionedIn { nodes { id } }",
        '{ hashtag(name: "tea") { posts { nodes { id hashtags { name } mentions { label } } } } }',
        '{ hashtag(name: "tea") { posts(orderBy: OLDEST) { nodes { id } } } }',
        MINE % "posts { nodes { id images { url } } }",
        'query($me: ID!) { _entities(representations: [{__typename: "Event", id: $me}]) {'
        " ... on Event { posts { nodes { id } } } } }",
    ),
    "catalog": (
        "{ artists { nodes { id } } }",
        "{ artists(orderBy: NEWEST) { nodes { id } } }",
        "{ albums { nodes { id } } }",
        "{ albums(filter: {type: EP}) { nodes { id } } }",
        "{ tracks { nodes { id } } }",
        "{ tracks(filter: {isAvailable: false}) { nodes { id } } }",
        '{ searchArtists(text: "artist") { nodes { id } } }',
        '{ searchArtists(text: "artist 777") { nodes { id } } }',
        '{ searchArtists(text: "777") { nodes { id } } }',
        '{ searchArtists(text: "artest") { nodes { id } } }',
        '{ searchArtists(text: "artist", last: 20) { nodes { id } } }',
        '{ searchArtists(text: "artist", filter: {isVerified: false}) { nodes { id } } }',
        '{ searchAlbums(text: "x") { nodes { id } } }',
        '{ searchTracks(text: "x", last: 20) { nodes { id } } }',
        "{ genres { tracks { nodes { id } } } }",
        MINE % "playlists { nodes { id tracks { nodes { id } } } }",
        MINE % "library { tracks { nodes { id } } albums { nodes { id viewerHasSaved } } }",
        MINE % "managedArtists { nodes { id albums(first: 3) { nodes { id } } } }",
        MINE % "managedArtists(last: 1) { nodes { tracks { nodes { id } } managers { nodes { id } } } }",
    ),
    "tickets": (
        MINE % "registrations { nodes { id ticket { id } ticketType { name } } }",
        MINE % "registrations(last: 20) { nodes { id } }",
        MINE % "tickets { nodes { id checkIn { scannedAt } } }",
        MINE.replace("User", "Event") % "registrations { nodes { id } }",
        MINE.replace("User", "Event") % "registrations(status: CONFIRMED) { nodes { id } }",
        MINE.replace("User", "Event") % "ticketTypes { id available }",
    ),
    "payments": (MINE.replace("User", "Registration") % "payment { id refunds { id } }",),
    "events": (
        "{ events { nodes { id } } }",
        "{ events(filter: {category: MUSIC}) { nodes { id } } }",
        "{ events(orderBy: LATEST) { nodes { id } } }",
        "{ venues { nodes { id } } }",
        '{ venues(filter: {city: "c7"}) { nodes { id } } }',
        "{ venues(orderBy: CITY) { nodes { id } } }",
        "{ venues(orderBy: NEWEST) { nodes { id } } }",
        '{ venues(filter: {city: "c7"}, orderBy: NEWEST) { nodes { id } } }',
        '{ searchEvents(text: "x", filter: {category: MUSIC}) { nodes { id } } }',
        '{ searchVenues(text: "venu") { nodes { id } } }',
        '{ searchVenues(text: "vanue 12") { nodes { id } } }',
        '{ searchEvents(text: "x") { nodes { id } } }',
        MINE % "hostedEvents { nodes { id venue { name } } }",
        MINE % "attending { nodes { id } }",
        MINE % "eventInvitations { nodes { id event { title } } }",
        MINE % "sentEventInvitations { nodes { id } }",
        "{ events(orderBy: LATEST, first: 1) { nodes { id questions { nodes { id viewerHasUpvoted } } } } }",
        "{ events(orderBy: LATEST, first: 1) { nodes { id questions(orderBy: NEWEST) { nodes { id } } } } }",
        REVIEWED % "reviews { nodes { id } }",
        REVIEWED % "reviews(orderBy: LOWEST) { nodes { id } } averageRating viewerReview { id }",
        OURS % "events { nodes { id } }",
        OURS % "events(orderBy: LATEST) { nodes { id } }",
        "{ events(orderBy: LATEST, first: 1) { nodes {"
        " attendees { nodes { id } } venue { events { nodes { id } } } } } }",
    ),
    "interactions": (
        POST % "comments { nodes { id replies { nodes { id } } } }",
        POST % "comments(orderBy: MOST_LIKED) { nodes { id viewerHasLiked } }",
        POST % "comments(orderBy: OLDEST, last: 20) { nodes { id likes { nodes { id } } } }",
        POST % "id likeCount commentCount likes { nodes { id } }",
    ),
    "media": (
        "{ myMedia { nodes { id } } }",
        "{ myMedia(last: 20) { nodes { id } } }",
        MINE.replace("User", "Post").replace("id: $me", f"id: $me, mediaIds: {SHOWN}") % "media { id }",
    ),
    "feed": ("{ feed { nodes { id } } }", "{ feed(last: 20) { nodes { id } } }"),
}


@pytest.fixture
async def filled(
    request: pytest.FixtureRequest, stores: Mapping[str, DomainStore]
) -> AsyncIterator[tuple[str, Database]]:
    domain: str = request.param
    await administer(shared_server(), *FILL[domain], database=SHARED)
    await administer(shared_server(), ALONE, "VACUUM ANALYZE", database=SHARED)
    database = connect(stores[domain])
    yield domain, database
    await database.close()


@pytest.mark.timeout(400)  # 100,000 rows of everything are made first, which takes a busy machine minutes
@pytest.mark.parametrize("filled", list(LISTS), indirect=True)
async def test_each_everyday_list_reads_a_page_and_not_a_table(
    filled: tuple[str, Database], tmp_path: Path
) -> None:
    domain, database = filled
    config = config_in(tmp_path)
    subgraph = build_over(database, domain, config)
    costs = {
        (query, reader): await most_buffers(database, subgraph, query, headers)
        for query in LISTS[domain]
        for reader, headers in (("nobody", {}), ("me", Person(config, id=ME).headers))
        if not (reader == "nobody" and any(own in query for own in OWN))
    }
    assert {key: cost for key, cost in costs.items() if cost > MOST_BUFFERS} == {}


async def most_buffers(database: Database, subgraph: Subgraph, query: str, headers: Mapping[str, str]) -> int:
    variables = {"me": str(ME)} if "$me" in query else {}
    with sent_statements(database) as sent:
        answer = await data(subgraph, query, headers, **variables)
    assert '"id"' in json.dumps(answer), "the list is not empty"
    return max([await buffers(database, statement, parameters) for statement, parameters in sent])


async def buffers(database: Database, statement: str, parameters: Any) -> int:
    """Pages of tables and indexes that a statement touches, from memory or disk."""
    explained = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    async with database.primary.begin() as connection:
        await connection.exec_driver_sql(AS_ME)
        plan = (await connection.exec_driver_sql(explained, parameters)).scalar_one()
    (top,) = plan if isinstance(plan, list) else json.loads(plan)
    return int(top["Plan"]["Shared Hit Blocks"] + top["Plan"]["Shared Read Blocks"])
