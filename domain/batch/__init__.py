"""Files that were received, and whether they were applied."""
