"""Where pages are kept as they came."""
