"""The history of the events schema."""
