"""Reads the table of a file in a separate process, which may die without harm.

Nothing here imports more than the standard library (and xlrd for an .xls), so that the process
starts quickly. It knows the codes of refusals, not their sentences.
"""
