"""Rows of articles for a delivery stream, which gathers them into Parquet files."""
