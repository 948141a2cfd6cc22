"""Music: artists and who manages them, their albums, tracks and genres."""
