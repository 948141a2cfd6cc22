"""Demo lessons: every course twice a week, three weeks back and eight ahead; teachers' hours around them."""

from subgraphs.calendar.demo.fill import planned, seed

__all__ = ["planned", "seed"]
