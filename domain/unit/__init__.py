"""Offices and organisations: names, kinds, codes, and where they belong, by period."""
