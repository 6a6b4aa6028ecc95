"""Care cards: what a writer sees where screening found a concern."""
