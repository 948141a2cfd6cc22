"""The history of the streaming schema."""
