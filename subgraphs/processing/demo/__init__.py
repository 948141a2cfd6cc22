"""Demo sound: a few short pieces, made up and really processed."""

from subgraphs.processing.demo.fill import planned, seed, sources, tracks_with_sound

__all__ = ["planned", "seed", "sources", "tracks_with_sound"]
