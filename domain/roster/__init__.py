"""A city's roster against the register: compared, decided where that is safe, and planned.

Pure: it reads no file (see `api.roster_file`) and records nothing.
"""
