"""What the posts domain does, by use case."""

from subgraphs.posts.service.finding import Finding
from subgraphs.posts.service.moderation import Moderation
from subgraphs.posts.service.polls import Polls
from subgraphs.posts.service.posts import Posts
from subgraphs.posts.service.readers import reader_of
from subgraphs.posts.service.reposts import Reposts
from subgraphs.posts.service.shares import Shares
from subgraphs.posts.service.uploads import Uploads

__all__ = ["Finding", "Moderation", "Polls", "Posts", "Reposts", "Shares", "Uploads", "reader_of"]
