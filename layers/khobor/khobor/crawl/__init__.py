"""The crawl: from sources to URLs to fetch, and each fetched politely and never twice for nothing."""
