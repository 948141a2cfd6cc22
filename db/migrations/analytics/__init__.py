"""The history of the analytics schema."""
