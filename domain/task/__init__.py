"""Tasks, from their assignment to their close-out (销号)."""
