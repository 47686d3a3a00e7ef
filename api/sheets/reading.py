"""Reads a sheet: finds the columns by their headers, parses every cell, collects all problems."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.sheets.cells import CHARACTERS_SHOWN_MAX, Unfit
from api.sheets.directory import Directory
from api.sheets.files.found import Line, Worksheets, letters
from api.sheets.sheet import Column, Row, Sheet, SheetFormat, header_word, is_ours
from api.sheets.table import (
    CellProblem,
    FileRefused,
    of_the_file,
    read_file,
    read_table,
    unsound,
)
from domain.kernel.refusal import Refused

ROWS_MAX = 10_000
HEADER_ROWS_MAX = 10
HEADERS_FOUND_MIN = 2
# The example row of a template.
_EXAMPLE = re.compile(r"(示例|example)[:：]", re.IGNORECASE)


def read_sheet(kind: SheetFormat, file: Path | bytes, name: str, directory: Directory) -> Sheet:
    """Read a sheet from a workbook or from CSV. Its problems are part of the result;
    raises FileRefused only if nothing can be read at all."""
    content = read_file(file, name)
    digest, columns = sha256(content).hexdigest(), kind.columns(directory)
    lines, worksheets = read_table(content, name)
    known = {header: each.name for each in columns for header in each.headers}
    header = _header(lines, known)
    if header is None:
        raise FileRefused(name, [_no_header(kind, columns, lines, worksheets)])
    found = [known.get(header_word(cell)) for cell in header.cells]
    body = [each for each in lines if each.number > header.number and not _is_example(each)]
    sheet = Sheet(
        name=name,
        digest=digest,
        worksheets=worksheets,
        columns=columns,
        places={column: place for place, column in enumerate(found) if column},
        lines={each.number: each for each in lines},
        header=header,
        rows_read=len(body),
        rows=(),
        problems=(),
    )
    problems = (*_wrong_headers(sheet, kind, found, body), *_wrong_size(len(body)))
    if len(body) > ROWS_MAX:
        return sheet._replace(problems=problems)
    lost = frozenset(
        each.name
        for each in columns
        if found.count(each.name) > 1 or (each.required and each.name not in found)
    )
    rows, wrong = _rows(sheet, kind, body, lost, directory)
    return sheet._replace(rows=rows, problems=(*problems, *wrong))


def _rows(
    sheet: Sheet,
    kind: SheetFormat,
    body: Iterable[Line],
    lost: frozenset[str],
    directory: Directory,
) -> tuple[tuple[Row, ...], list[CellProblem]]:
    """The rows, without repeated ones, and the problems of all rows."""
    rows: list[Row] = []
    problems: list[CellProblem] = []
    for each in body:
        row, wrong = _row(sheet, each, lost, directory)
        problems += wrong
        rows.append(row)
    repeated = list(_repeated(sheet, kind, rows))
    again = {each.row for each in repeated}
    return tuple(row for row in rows if row.number not in again), [*problems, *repeated]


def _header(lines: Sequence[Line], known: Mapping[str, str]) -> Line | None:
    for each in lines[:HEADER_ROWS_MAX]:
        if len({known[h] for cell in each.cells if (h := header_word(cell)) in known}) >= (
            HEADERS_FOUND_MIN
        ):
            return each
    return None


def _is_example(line: Line) -> bool:
    first = next((cell for cell in line.cells if cell), "")
    return bool(_EXAMPLE.match(first))


def _wrong_headers(
    sheet: Sheet, kind: SheetFormat, found: Sequence[str | None], body: Sequence[Line]
) -> Iterator[CellProblem]:
    header, passed_over = sheet.header, {header_word(each) for each in kind.passed_over}
    width = max((len(each.cells) for each in body), default=0)
    for place in range(max(len(header.cells), width)):
        cell = header.cells[place] if place < len(header.cells) else ""
        if place < len(found) and found[place]:
            continue
        if not cell and not any(place < len(each.cells) and each.cells[place] for each in body):
            continue
        if not is_ours(cell) and header_word(cell) not in passed_over:
            named = cell or letters(place)
            unknown = Refused("file.no-such-column", column=named)
            yield CellProblem(header.number, named, named, unknown)
    for each in sheet.columns:
        if each.required and each.name not in found:
            missing = Refused("file.column-missing", column=each.title)
            yield CellProblem(header.number, each.title.zh, "", missing)
        if found.count(each.name) > 1:
            cell = header.cells[found.index(each.name)]
            twice = Refused("file.column-twice")
            yield CellProblem(header.number, each.title.zh, cell, twice)


def _wrong_size(rows: int) -> Iterator[CellProblem]:
    if not rows:
        yield of_the_file(Refused("file.no-rows"))
    if rows > ROWS_MAX:
        too_many = Refused("file.too-many-rows", rows=rows, allowed=ROWS_MAX)
        yield CellProblem(None, "", str(rows), too_many)


def _row(
    sheet: Sheet, line: Line, lost: frozenset[str], directory: Directory
) -> tuple[Row, list[CellProblem]]:
    """A row with all readable cells, and a problem for each unreadable one, except for
    columns that are missing in the header."""
    values: dict[str, Any] = {}
    problems: dict[str, CellProblem] = {}
    filled = {each.name for each in sheet.columns if sheet.cell(line, each.name)}
    along = {name: each for each in sheet.columns if each.name in filled for name in each.along}
    for column in sheet.columns:
        cell = sheet.cell(line, column.name)
        if column.name in lost:
            continue
        if column.name not in filled:
            if column.required:
                problems[column.name] = sheet.problem(
                    line.number, column.name, Refused("cell.empty")
                )
            elif column.name in along:
                needed = Refused("cell.needed-along", column=along[column.name].title)
                problems[column.name] = sheet.problem(line.number, column.name, needed)
            continue
        if fault := unsound(cell):
            problems[column.name] = sheet.problem(line.number, column.name, fault)
            continue
        try:
            values[column.name] = _value(column, cell, directory, values)
            if column.name == "community_name" and "community" in values:
                directory.require_called(values["community"], cell)
        except Unfit as unfit:
            problems[column.name] = sheet.problem(line.number, column.name, unfit)
    # If code and name disagree, it is unknown which is right.
    doubtful = {"community"} if "community_name" in problems else set()
    wrong = lost | {*problems} | doubtful
    return Row(line.number, values, wrong, frozenset(filled)), [*problems.values()]


def _value(column: Column, cell: str, directory: Directory, values: Mapping[str, Any]) -> Any:
    if column.beside and column.beside[0] in values:
        name, read = column.beside
        return read(cell, directory, values[name])
    return column.read(cell, directory)


def _repeated(sheet: Sheet, kind: SheetFormat, rows: Iterable[Row]) -> Iterator[CellProblem]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if not row.wrong.isdisjoint(kind.key):
            continue
        first = seen.setdefault(tuple(row[name] for name in kind.key), row.number)
        if first != row.number:
            repeats = Refused("file.row-repeats", first=first)
            yield sheet.problem(row.number, kind.key[0], repeats)


def _no_header(
    kind: SheetFormat, columns: Iterable[Column], lines: Sequence[Line], of: Worksheets | None
) -> CellProblem:
    first = "、".join(cell for cell in lines[0].cells if cell)[:CHARACTERS_SHOWN_MAX]
    return of_the_file(
        Refused(
            "file.no-header" if of is None else "file.no-header-in-worksheet",
            worksheet=of and of.title,
            others=(of and of.others) or None,
            hidden=(of and of.hidden) or None,
            rows=HEADER_ROWS_MAX,
            sheet=kind.title,
            first=first,
            needed=[each.title for each in columns if each.required],
        )
    )
