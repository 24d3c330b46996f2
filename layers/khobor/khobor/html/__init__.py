"""HTML as it comes: its charset, and its tree."""
