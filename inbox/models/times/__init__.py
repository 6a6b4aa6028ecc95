"""Times of rows: which there are, how exact each may be, and what the order of rows tells."""
