"""What became of an article: its revisions, and its copies elsewhere."""
