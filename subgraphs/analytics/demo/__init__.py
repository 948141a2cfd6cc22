"""Demo numbers: who looked at the demo world's events, registered and came."""

from subgraphs.analytics.demo.fill import planned, seed

__all__ = ["planned", "seed"]
