"""Demo media: the uploads that hang in galleries of demo events. The demo's other pictures are named by their
path (decision 14).
"""

from subgraphs.media.demo.fill import planned, seed

__all__ = ["planned", "seed"]
