"""Fetching pages safely: to public addresses only, bounded in size and time, the bytes left alone."""
