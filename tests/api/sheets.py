"""Sheets as people write them, for the tests of imports."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]

FAILED = ("#N/A", "#REF!")


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with these cells: days as days, numbers as numbers, failures of formulas."""
    whole = BytesIO()
    with Workbook(whole, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell)
                elif cell in FAILED:
                    sheet.write_formula(number, place, "=VLOOKUP(1, A:B, 2, 0)", None, cell)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return whole.getvalue()


def delimited(rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """The same as CSV."""
    text = StringIO()
    csv.writer(text).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode(encoding)


def table(*rows: Mapping[str, Any]) -> list[list[Any]]:
    """Headers and rows of a sheet whose rows say what is under each header."""
    headers = list(dict.fromkeys(header for row in rows for header in row))
    return [headers, *([row.get(header) for header in headers] for row in rows)]
