"""Groups of students: who teaches and belongs to them, who is invited, how far they have come."""
