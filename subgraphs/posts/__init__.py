"""Posts: what people write and show. Authors and events are other domains' entities, known here by id."""
