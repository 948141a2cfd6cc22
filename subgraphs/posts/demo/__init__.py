"""Demo posts: people write about what they like and about the demo events, in their language."""

from subgraphs.posts.demo.fill import planned, seed

__all__ = ["planned", "seed"]
