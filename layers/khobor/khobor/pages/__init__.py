"""Where pages and listings are kept as they came."""
