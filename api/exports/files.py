"""Writes the rows of an export into a file, one after another: memory does not grow with them.

Texts stay texts, in Excel and WPS too: no formula, no link, no number that loses its zeros.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal, NamedTuple
from unicodedata import east_asian_width

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from api.exports.wording import Cell
from domain.kernel.text import visible

ExportFormat = Literal["xlsx", "csv"]
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
CELL_CHARACTERS_MAX = 32_767  # of Excel
CUT = "……"
FORMULA_CHARACTERS_MAX = 255  # of a text in a formula
WIDTH_MIN, WIDTH_MAX, MEASURED_ROWS = 8, 48, 200
HEAD = "#E7EEF4"
# What begins a formula in Excel or WPS, or is passed over at its beginning.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Page(NamedTuple):
    """A worksheet: its title, the headings, and the rows."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(file: BinaryIO, *pages: Page) -> None:
    """Write a workbook with these worksheets, in order."""
    with Workbook(file, OPTIONS) as book:
        book.set_properties({"comments": pages[0].title})
        styles = {
            date: book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"}),
            str: book.add_format({"valign": "top", "text_wrap": True}),
        }
        head = book.add_format({"bold": True, "bg_color": HEAD, "bottom": 1})
        for page in pages:
            _write_page(book.add_worksheet(page.title[:31]), page, head, styles)


def _write_page(sheet: Any, page: Page, head: Any, styles: dict[type, Any]) -> None:
    widths = [_width(each) + 2 for each in page.headings]
    for place, title in enumerate(page.headings):
        sheet.write_string(0, place, title, head)
    number = 0
    for number, row in enumerate(page.rows, 1):
        for place, cell in enumerate(row):
            _write(sheet, number, place, cell, styles)
            if number <= MEASURED_ROWS:
                widths[place] = max(widths[place], _width(cell))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width, WIDTH_MIN), WIDTH_MAX))
    sheet.freeze_panes(1, 0)
    if number:
        sheet.autofilter(0, 0, number, len(page.headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Any, row: int, place: int, cell: Cell, styles: dict[type, Any]) -> None:
    match cell:
        case None:
            return
        case datetime():
            sheet.write_datetime(row, place, cell, styles[datetime])
        case date():
            sheet.write_datetime(row, place, cell, styles[date])
        case int() | Decimal():
            sheet.write_number(row, place, cell)
        case str():
            sheet.write_string(row, place, _fitting(visible(cell)), styles[str])


def _fitting(text: str) -> str:
    """As much of a text as a cell of Excel holds, with a mark where it is cut."""
    if len(text) <= CELL_CHARACTERS_MAX:
        return text
    return text[: CELL_CHARACTERS_MAX - len(CUT)] + CUT


def _width(cell: Cell) -> int:
    if isinstance(cell, datetime):
        return 16
    if isinstance(cell, date):
        return 11
    lines = str(cell or "").split("\n")
    return max(sum(2 if east_asian_width(each) in "WF" else 1 for each in line) for line in lines)


def write_csv(file: BinaryIO, page: Page) -> None:
    """Write a CSV that Excel opens correctly."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([kept_as_text(each) for each in page.headings])
    for row in page.rows:
        writer.writerow([_written(each) for each in row])
    text.flush()
    text.detach()


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if cell is None or not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return kept_as_text(visible(cell))


def kept_as_text(value: str) -> str:
    """A cell of a CSV that Excel takes for the text that it is: of digits alone it would make a
    number and round it, of what begins like a formula a formula. Our own imports take it apart
    again."""
    if not value.isdecimal() and not value.startswith(FORMULA_MARKS):
        return value
    if len(value) > FORMULA_CHARACTERS_MAX:
        return f"'{value}"
    return '="{}"'.format(value.replace('"', '""'))
