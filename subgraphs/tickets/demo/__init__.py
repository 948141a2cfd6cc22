"""Demo tickets: free and paid ones for what is to come, some of them taken, one event with a queue."""

from subgraphs.tickets.demo.fill import planned, seed

__all__ = ["planned", "seed"]
