"""Rosters of communities, as files and as worksheets of open questions."""
