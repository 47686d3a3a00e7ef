"""Honours of households and entries on public boards (三(六)1).

Households and places are identified by their door. No resident's name is recorded.
"""
