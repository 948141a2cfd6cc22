"""Demo groups: two courses of every teacher, with their students."""

from subgraphs.groups.demo.fill import planned, seed

__all__ = ["planned", "seed"]
