"""Exports of the archive as Parquet, JSON Lines, CSV or WARC: one file for each source and day."""
