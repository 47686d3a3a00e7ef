"""The rows of a file and its refusals as plain values, to be sent between the processes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

CELLS_MAX = 1_000_000
CHARACTERS_MAX = 32 * 1024 * 1024
COLUMNS_MAX = 256
ROWS_MAX = 60_000  # of a roster there may be 50,000; no sheet has more
SHEETS_MAX = 1_000
SHEET_TITLES_MAX = 50  # of those that an answer names


class Unreadable(Exception):
    """The file cannot be read, by the code of a refusal with its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Any] = params


class Worksheets(NamedTuple):
    """The worksheet of a workbook that was read, and those that were not."""

    title: str
    others: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


class Line(NamedTuple):
    """A row that is not blank, with its number as Excel and WPS show it, without blank cells at its
    end."""

    number: int
    cells: tuple[str, ...]


def chosen(sheets: list[tuple[str, bool]], named: str | None) -> Worksheets:
    """The worksheet named, or the first that is not hidden, of titles and whether each is."""
    if len(sheets) > SHEETS_MAX:
        raise Unreadable("file.too-many-worksheets", worksheets=len(sheets), allowed=SHEETS_MAX)
    shown = [title for title, hidden in sheets if not hidden]
    if named is not None and named not in (title for title, _ in sheets):
        raise Unreadable("file.no-worksheet", worksheet=named)
    if named is None and not shown:
        raise Unreadable("file.only-hidden-worksheets")
    title = named or shown[0]
    return Worksheets(
        title,
        tuple(each for each in shown if each != title)[:SHEET_TITLES_MAX],
        tuple(each for each, hidden in sheets if hidden and each != title)[:SHEET_TITLES_MAX],
    )


class Rows:
    """The rows found so far, within limits. Blank cells and rows do not count."""

    def __init__(self) -> None:
        self.found: list[Line] = []
        self._cells = 0
        self._characters = 0

    def add(self, number: int, cells: Mapping[int, str]) -> None:
        """Add a row by its cells' places from 0 on, none of them blank."""
        if not cells:
            return
        last = max(cells)
        if last >= COLUMNS_MAX:
            far = f"{letters(last)}{number}"
            raise Unreadable("file.far-cell", at=far, cell=cells[last][:50], columns=COLUMNS_MAX)
        self._cells += len(cells)
        self._characters += sum(map(len, cells.values()))
        if len(self.found) == ROWS_MAX:
            raise Unreadable("file.too-long", rows=ROWS_MAX)
        if self._cells > CELLS_MAX or self._characters > CHARACTERS_MAX:
            raise Unreadable("file.too-much")
        self.found.append(Line(number, tuple(cells.get(place, "") for place in range(last + 1))))


def letters(place: int) -> str:
    """A column as Excel calls it: A for 0."""
    found = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def number_text(value: float) -> str:
    """A number as a person would type it."""
    return str(int(value)) if value.is_integer() else repr(value)
