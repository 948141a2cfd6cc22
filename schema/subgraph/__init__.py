"""One subgraph through its states: read, linked, checked, with its names and facts."""
