"""What a feed, a sitemap, a home page or a section page tells of articles; whatever its bytes, nothing is raised."""
