"""The history of the processing schema."""
