"""The history of the media schema."""
