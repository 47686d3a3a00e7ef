"""Exports: the lines of a read as a workbook or CSV, for people who work in Excel."""
