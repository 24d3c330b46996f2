"""Revisions of an article: what readers see, what changed, and when."""
