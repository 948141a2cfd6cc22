"""The history of the tickets schema."""
