"""Teachers: who they are, which languages they teach, how well, and for how much."""
