"""How a record begins."""
