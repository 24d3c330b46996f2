"""Revisions of an article: what readers see of it, what changed of that, and when."""
