"""HTML as fetched: its charset, its tree, and what its tags do to text."""
