"""Demo teachers: who has the role, each with the language of their courses."""

from subgraphs.teachers.demo.fill import planned, seed

__all__ = ["planned", "seed"]
