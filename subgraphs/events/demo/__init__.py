"""Demo events: most of them soon, in venues that fit, held by people who care."""

from subgraphs.events.demo.fill import planned, seed

__all__ = ["planned", "seed"]
