"""The history of the students schema."""
