"""Pages read again, with today's extractor and the sources' rules, and what that changes in the archive."""
