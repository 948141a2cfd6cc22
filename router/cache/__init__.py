"""What the router remembers in its own memory."""
