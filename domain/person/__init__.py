"""Officials: names and posts, by period."""
