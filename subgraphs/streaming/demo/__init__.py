"""Demo plays: what the people of the demo world have listened to in the last weeks."""

from subgraphs.streaming.demo.fill import planned, seed

__all__ = ["planned", "seed"]
