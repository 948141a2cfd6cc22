"""What the posts domain does when nobody asks."""

from __future__ import annotations

from collections.abc import Sequence

from db.clients import Stores
from subgraphs.kit.config import SubgraphConfig
from subgraphs.kit.departures import Departures
from subgraphs.kit.news import News
from subgraphs.kit.outbox import Consumer, Relay
from subgraphs.kit.repeats import forgetting
from subgraphs.kit.tallies import Tallies
from subgraphs.kit.worker import Task
from subgraphs.posts.models import author_tallies, post_media, post_media_news, posts, posts_news
from subgraphs.posts.repository.departures import forget_author
from subgraphs.posts.repository.relations import TOPICS, hear_of_people
from subgraphs.posts.repository.tagging import Tagging
from subgraphs.posts.repository.uploads import hear_of_media

TOLD = ("author_id", "visibility", "created_at")


def tasks(_config: SubgraphConfig, stores: Stores) -> Sequence[Task]:
    database, redis = stores.postgres, stores.redis
    told = {"post_count": "posts"}
    return [
        Relay("posts", database, redis),
        forgetting(database),
        Consumer("posts.people", TOPICS, hear_of_people, database, redis),
        Tagging(database),
        Consumer("posts.media", ["media.media"], hear_of_media, database, redis),
        News("posts.media", "PostMediaTold", post_media, post_media_news, (), database),
        News("posts.posts", "PostsTold", posts, posts_news, TOLD, database),
        *Departures("posts", {"UserDeleted": forget_author}, database, redis).tasks(),
        *Tallies("posts.tallies", "PostsCounted", author_tallies, told, database).tasks(),
    ]
