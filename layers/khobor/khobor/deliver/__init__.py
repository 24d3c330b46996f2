"""Delivers rows of articles to a delivery stream, which collects them in Parquet files."""
