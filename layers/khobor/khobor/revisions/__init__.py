"""Revisions of an article: what a reader sees change from one to the next."""
