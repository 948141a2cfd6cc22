"""Demo music: artists with managers, albums that hang together, tracks."""

from subgraphs.catalog.demo.fill import planned, seed

__all__ = ["planned", "seed"]
