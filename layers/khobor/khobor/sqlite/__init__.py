"""One SQLite file for what a local archive keeps: opened, migrated, read and written."""
