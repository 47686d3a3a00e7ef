"""The founding of a record."""
