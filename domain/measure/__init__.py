"""Measures (重点方向) that a community adopts from the catalogue of its type."""
