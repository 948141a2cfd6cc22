"""What composition says: codes, hints, places, remedies, and how sentences are worded."""
