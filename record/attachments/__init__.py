"""Attached documents, stored by digest."""
