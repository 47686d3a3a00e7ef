"""Files received, and what became of them."""
