"""The feed: timelines of what those write whom one follows. `app` puts it together."""
