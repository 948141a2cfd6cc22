"""The history of the notifications schema."""
