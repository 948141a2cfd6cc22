"""Processing: from an uploaded file to sound that can be streamed."""
