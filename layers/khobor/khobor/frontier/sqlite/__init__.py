"""The URL frontier in the SQLite file of a local archive."""
