"""Dates of feeds, sitemaps and pages: one reader for all, ``reading.parse_date``."""
