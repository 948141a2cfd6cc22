"""The rules of likes and comments, one use case a file."""

from subgraphs.interactions.service.asked_posts import AskedPosts
from subgraphs.interactions.service.comments import Comments
from subgraphs.interactions.service.likes import Likes
from subgraphs.interactions.service.moderation import Moderation

__all__ = ["AskedPosts", "Comments", "Likes", "Moderation"]
