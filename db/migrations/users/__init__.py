"""The history of the users schema."""
