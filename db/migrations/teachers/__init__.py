"""The history of the teachers schema."""
