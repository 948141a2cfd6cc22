"""Students: who they are, what they learn, what they want to reach and how far they have come."""
