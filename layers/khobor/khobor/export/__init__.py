"""Taking the archive away: articles as Parquet, JSON lines, CSV or WARC, a file for each source and day."""
