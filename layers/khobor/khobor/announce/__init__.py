"""What became of articles, announced on an event bus."""
