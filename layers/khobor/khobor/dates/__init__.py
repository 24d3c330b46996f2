"""Dates of feeds, sitemaps and pages. ``reading.parse_date`` reads them all."""
