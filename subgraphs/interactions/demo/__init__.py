"""Demo likes and comments: people like what others write, and say so in their language."""

from subgraphs.interactions.demo.fill import planned, seed

__all__ = ["planned", "seed"]
