"""Notifications: what the other domains tell, for whom it matters. `app` puts it together."""
