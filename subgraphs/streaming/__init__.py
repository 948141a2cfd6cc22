"""Streaming: what was listened to, what it counts for, and the sound itself."""
