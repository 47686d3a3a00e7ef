"""One honour of a household, or one entry on a public board (三(六)1).

A household, or a place, is named by its door: residents' names come with their protection later.
"""
