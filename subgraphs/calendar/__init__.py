"""Lessons: when who teaches whom, who came, when teachers have time, and what is free."""
