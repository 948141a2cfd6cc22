"""Demo sound: a few short pieces, made up and really processed."""

from subgraphs.processing.demo.fill import planned, seed, sources

__all__ = ["planned", "seed", "sources"]
