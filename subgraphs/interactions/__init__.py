"""Likes and comments: what people do about posts. `app` puts it together."""
