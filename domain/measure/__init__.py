"""Measures (重点方向) that a community takes up from its type's catalogue."""
