"""The archive: articles and every revision of each, written, listed and erased."""
