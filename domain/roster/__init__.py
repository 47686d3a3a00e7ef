"""Compares a city's roster with the register, decides where that is safe, and plans commands.

Pure: it reads no file (see `api.roster_file`) and records nothing.
"""
