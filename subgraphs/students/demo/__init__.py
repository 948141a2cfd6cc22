"""Demo students: who has the role, each in a course, with a goal and what their teacher noted."""

from subgraphs.students.demo.fill import planned, seed

__all__ = ["planned", "seed"]
