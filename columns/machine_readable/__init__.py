"""The column for other programs: feeds, linked data, sitemaps."""
