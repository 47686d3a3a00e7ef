"""The rows of a worksheet in an .xls or .et, as Excel 97 and WPS write them; by xlrd."""

import struct
from typing import Any

from api.sheets.files.days import date_text
from api.sheets.files.found import Rows, Unreadable, Worksheets, chosen, number_text

_LOCKED = "EncryptedPackage".encode("utf-16-le")


def read(content: bytes, named: str | None) -> tuple[Worksheets, Rows]:
    """The worksheet named, or the first that is not hidden; raises Unreadable."""
    import xlrd  # type: ignore[import-untyped]  # for these files only

    try:
        with xlrd.open_workbook(
            file_contents=content, on_demand=True, ragged_rows=True, logfile=_Silent()
        ) as book:
            sheets = list(zip(book.sheet_names(), book._sheet_visibility, strict=True))
            found = chosen([(title, hidden != 0) for title, hidden in sheets], named)
            return found, _rows(book, book.sheet_by_name(found.title), xlrd)
    except (
        xlrd.XLRDError,
        xlrd.compdoc.CompDocError,
        struct.error,
        AssertionError,
        LookupError,
        ValueError,
    ) as error:
        locked = _LOCKED in content or "encrypted" in str(error)
        raise Unreadable("file.locked" if locked else "file.no-workbook") from error


def _rows(book: Any, sheet: Any, xlrd: Any) -> Rows:
    rows = Rows()
    for number in range(sheet.nrows):
        cells = {
            place: text
            for place, (kind, value) in enumerate(
                zip(sheet.row_types(number), sheet.row_values(number), strict=True)
            )
            if (text := _text(kind, value, book, xlrd).strip())
        }
        rows.add(number + 1, cells)
    return rows


def _text(kind: int, value: Any, book: Any, xlrd: Any) -> str:
    if kind == xlrd.XL_CELL_NUMBER:
        return number_text(float(value))
    if kind == xlrd.XL_CELL_DATE:
        return date_text(float(value), since_1904=bool(book.datemode))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    return str(value)


class _Silent:
    """Takes what the library would print."""

    def write(self, _: str) -> None:
        """Nothing."""

    def flush(self) -> None:
        """Nothing."""
