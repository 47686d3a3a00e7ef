"""Reads a roster from a file: finds its columns, checks every cell and reports all problems.

It does not know the register and records nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from api.sheets.cells import line
from api.sheets.files.found import Line, Worksheets, letters
from api.sheets.table import (
    CellProblem,
    FileRefused,
    of_the_file,
    read_file,
    read_table,
    unsound,
)
from domain.kernel.refusal import Refused
from domain.kernel.text import comparable, plain
from domain.roster.row import RosterRow

ROWS_MAX = 50_000
NAME_CHARACTERS_MAX = 200
HEADER_ROWS_MAX = 10

_CODES = {"code": 12, "subdistrict_code": 9, "district_code": 6}
_NAMES = ("name", "subdistrict_name", "district_name")
_HEADERS_IN_ORDER = (*_CODES, *_NAMES)
# Headers without blanks and punctuation. A missing code column follows from a longer code.
_HEADERS: Mapping[str, str] = {
    header: column
    for column, headers in {
        "code": "code communitycode 代码 编码 社区代码 社区编码 统计用区划代码 统计区划代码 "
        "区划代码 行政区划代码 统计代码 居委会代码 社区居委会代码",
        "name": "name community communityname 名称 社区名称 社区 居委会名称 居委会 社区居委会 "
        "社区居委会名称 社区居民委员会 社区居民委员会名称",
        "subdistrict_code": "subdistrictcode towncode 街道代码 街道编码 乡镇代码 镇街代码 "
        "街镇代码 街道镇代码 街道乡镇代码 乡镇街道代码 镇乡街道代码 所属街道代码 "
        "所属街道镇代码 所属乡镇代码",
        "subdistrict_name": "subdistrict subdistrictname town townname 街道 街道名称 乡镇 乡镇名称 "
        "镇街 镇街名称 街镇 街道镇 街道镇名称 街道乡镇 街道乡镇名称 乡镇街道 乡镇街道名称 镇乡街道 "
        "镇乡街道名称 所属街道 所属街道名称 所属街道镇 所属乡镇 所属乡镇名称",
        "district_code": "districtcode countycode 区县代码 区县编码 县区代码 县市区代码 "
        "区市县代码 区代码 县代码 所属区县代码",
        "district_name": "district districtname county countyname 区县 区县名称 县区 县区名称 "
        "县市区 县市区名称 区市县 区市县名称 所属区县 所属区县名称",
    }.items()
    for header in headers.split()
}
_PUNCTUATION = re.compile(r"[\s()\[\]、/／·_.,:;*-]+")
_SHORTENED = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")


class Roster(NamedTuple):
    """The rows of a roster file, and the SHA-256 of its bytes."""

    rows: tuple[RosterRow, ...]
    digest: str
    file_name: str
    worksheets: Worksheets | None = None


class RosterRefused(FileRefused):
    """The file is not a roster, or has problems."""


def read_roster(file: Path | bytes, name: str | None = None) -> Roster:
    """Read a roster from CSV (UTF-8, GB18030; comma, tab, semicolon) or a workbook.

    Columns are in any order, with Chinese or English headers: the community's code and name, its
    subdistrict's name and its district's, and their codes if the file has them. Raises
    RosterRefused with all problems of the file.
    """
    name = name or (file.name if isinstance(file, Path) else "roster")
    try:
        content = read_file(file, name)
        lines, worksheets = read_table(content, name)
        header, columns, body = _columns(lines)
        rows, problems = _rows(columns, body)
        problems += _headless(header, body)
        problems += _contradictions(rows)
        if problems:
            raise RosterRefused(name, sorted(problems, key=lambda p: p.row or 0))
    except FileRefused as refused:
        raise RosterRefused(name, list(refused.problems)) from refused
    return Roster(tuple(rows), sha256(content).hexdigest(), name, worksheets)


def _columns(lines: Sequence[Line]) -> tuple[Line, dict[str, int], Sequence[Line]]:
    """The header, where each column is, and the rows after it."""
    for index, header in enumerate(lines[:HEADER_ROWS_MAX]):
        found = [_HEADERS.get(_PUNCTUATION.sub("", plain(cell)).lower()) for cell in header.cells]
        if len(set(filter(None, found))) < 2:
            continue
        body = lines[index + 1 :]
        if problems := [*_wrong_header(header, found), *_wrong_size(len(body))]:
            raise FileRefused("", problems)
        return header, {column: place for place, column in enumerate(found) if column}, body
    raise FileRefused(
        "",
        [of_the_file(Refused("roster.no-header"))],
    )


def _wrong_header(line: Line, found: Sequence[str | None]) -> Iterator[CellProblem]:
    for column in ("code", *_NAMES):
        if column not in found:
            yield CellProblem(line.number, column, "", Refused("roster.column-missing"))
    for column in _HEADERS_IN_ORDER:
        if found.count(column) > 1:
            cell = line.cells[found.index(column)]
            yield CellProblem(line.number, column, cell, Refused("file.column-twice"))


def _wrong_size(rows: int) -> Iterator[CellProblem]:
    if not rows:
        yield of_the_file(Refused("file.no-rows"))
    if rows > ROWS_MAX:
        too_many = Refused("file.too-many-rows", rows=rows, allowed=ROWS_MAX)
        yield CellProblem(None, "", str(rows), too_many)


def _rows(
    columns: Mapping[str, int], body: Iterable[Line]
) -> tuple[list[RosterRow], list[CellProblem]]:
    rows: list[RosterRow] = []
    problems: list[CellProblem] = []
    for each in body:
        cells = {
            column: each.cells[place] if place < len(each.cells) else ""
            for column, place in columns.items()
        }
        row = _codes(cells, columns) | {column: line(cells[column]) for column in _NAMES}
        found = list(_wrong_cells(each.number, cells, row))
        problems += found
        if not found:
            rows.append(RosterRow(each.number, **{k: row[k] for k in RosterRow._fields[1:]}))
    return rows, problems


def _codes(cells: Mapping[str, str], columns: Mapping[str, int]) -> dict[str, str]:
    """The codes as digits. Leading zeros are restored if Excel removed them from all codes."""
    codes = {column: _digits(cells[column]) for column in _CODES if column in columns}
    short = all(code.isdecimal() and len(code) == _CODES[c] - 1 for c, code in codes.items())
    if short and len(codes) > 1:
        codes = {column: f"0{code}" for column, code in codes.items()}
    for column, digits in _CODES.items():
        codes.setdefault(column, codes["code"][:digits])
    return codes


def _digits(cell: str) -> str:
    """The cell without the characters with which spreadsheets mark a number as text."""
    text = plain(cell).replace(" ", "")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.removeprefix("'").removesuffix(".0")


def _wrong_cells(
    number: int, cells: Mapping[str, str], row: Mapping[str, str]
) -> Iterator[CellProblem]:
    faults = {column: fault for column, cell in cells.items() if (fault := unsound(cell))}
    for column, fault in faults.items():
        yield CellProblem(number, column, cells[column], fault)
    sound = faults.keys().isdisjoint(_CODES)
    for column, digits in _CODES.items():
        cell, code = cells.get(column, ""), row[column]
        if column not in cells or column in faults:
            continue
        problem = _wrong_code(number, column, cell, code, digits)
        if problem:
            sound = False
            yield problem
    for column in _NAMES:
        if column in faults:
            continue
        if not row[column]:
            yield CellProblem(number, column, "", Refused("cell.empty"))
        elif len(row[column]) > NAME_CHARACTERS_MAX:
            too_long = Refused("cell.title-too-long", characters=NAME_CHARACTERS_MAX)
            yield CellProblem(number, column, cells[column], too_long)
        elif "?" in row[column]:
            lost = Refused("roster.lost-character")
            yield CellProblem(number, column, cells[column], lost)
    for column, longer in (("subdistrict_code", "code"), ("district_code", "subdistrict_code")):
        if sound and not row[longer].startswith(row[column]):
            other = Refused("roster.other-digits", digits=_CODES[column], code=row[longer])
            yield CellProblem(number, column, cells.get(column, ""), other)


def _headless(header: Line, body: Iterable[Line]) -> Iterator[CellProblem]:
    """Cells without a header: mostly the rest of a cell that a comma cut in two."""
    headed = {place for place, cell in enumerate(header.cells) if cell}
    for each in body:
        for place, cell in enumerate(each.cells):
            if cell and place not in headed:
                yield CellProblem(each.number, letters(place), cell, Refused("cell.surplus"))


def _wrong_code(number: int, column: str, cell: str, code: str, digits: int) -> CellProblem | None:
    if not code:
        return CellProblem(number, column, cell, Refused("cell.empty"))
    if _SHORTENED.match(code):
        return CellProblem(number, column, cell, Refused("cell.code-shortened"))
    if not (code.isascii() and code.isdecimal()) or len(code) != digits:
        wrong = Refused("roster.code-length", digits=digits, found=len(code))
        return CellProblem(number, column, cell, wrong)
    return None


def _contradictions(rows: Sequence[RosterRow]) -> Iterator[CellProblem]:
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    places: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if (first := codes.setdefault(row.code, row.number)) != row.number:
            same = Refused("roster.same-code", first=first)
            yield CellProblem(row.number, "code", row.code, same)
        within = row.subdistrict_code, comparable(row.name)
        if (first := names.setdefault(within, row.number)) != row.number:
            same = Refused("roster.same-name", first=first)
            yield CellProblem(row.number, "name", row.name, same)
        for column, code, name in (
            ("subdistrict_name", row.subdistrict_code, row.subdistrict_name),
            ("district_name", row.district_code, row.district_name),
        ):
            other = places[column].setdefault(code, name)
            if comparable(other) != comparable(name):
                named = Refused("roster.other-name", code=code, name=other)
                yield CellProblem(row.number, column, name, named)
