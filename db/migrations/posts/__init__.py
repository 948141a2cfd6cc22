"""The history of the posts schema."""
