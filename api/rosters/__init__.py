"""Rosters of communities, as files and as worksheets for decisions."""
