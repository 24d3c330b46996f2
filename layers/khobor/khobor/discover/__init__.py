"""Discovers articles: reads feeds, sitemaps, home pages and section pages, and schedules fetches.

A reader of a listing never raises, whatever the bytes.
"""
