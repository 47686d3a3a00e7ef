"""Imports of sheets: one mechanism, with a small description for each kind of sheet."""
