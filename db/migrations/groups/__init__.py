"""The history of the groups schema."""
