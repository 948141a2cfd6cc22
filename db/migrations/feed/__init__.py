"""The history of the feed schema."""
