"""The history of the calendar schema."""
