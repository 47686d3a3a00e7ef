"""One community: its names and places, what it comes from, what it is like, its type."""
