"""The history of the interactions schema."""
