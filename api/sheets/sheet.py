"""A sheet of one kind: its columns found by their headers, every cell read, all problems kept.

A kind is a small description: which columns it has, and which commands a row comes to. What a rule
says of a command is not known here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from api.sheets.cells import CHARACTERS_SHOWN_MAX, Unfit
from api.sheets.directory import Directory
from api.table import FileRefused, Line, Problem, plain, read_file, read_lines
from domain.batch import SheetKind
from domain.command import Command
from domain.words import Words

ROWS_MAX = 10_000
HEADER_ROWS_MAX = 10
HEADERS_FOUND_MIN = 2
# A column that we wrote ourselves when the sheet came before, and the row that a template shows.
PROBLEMS = Words(zh="问题", en="Problems")
_EXAMPLE = re.compile(r"(示例|example)[:：]", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s()\[\]、/／·_.,:;*＊-]+")

Read = Callable[[str, Directory], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: how it is headed, how a cell of it becomes a value, and what belongs in it.

    `field` is the command's field that takes the value, where it is called otherwise; `code` what
    the rules' sentences call the column by, where it stands for an entry of the policy.
    """

    name: str
    title: Words
    read: Read
    told: Words
    example: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    field: str | None = None
    code: str | None = None
    allowed: tuple[Words, ...] = ()

    @property
    def headers(self) -> set[str]:
        """What the column may be headed, as headers are compared."""
        named = (self.name, self.title.zh, self.title.en, self.title.zh + self.title.en)
        return {_plain(each) for each in (*named, *self.also)}


@dataclass(frozen=True)
class Row:
    """One row that could be read: its values by column, None for an empty cell, and its cells."""

    number: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def stated(self, *columns: str) -> dict[str, Any]:
        """The values of these columns as fields of a command; empty ones are left out."""
        return {name: self[name] for name in columns if self[name] is not None}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of sheet.

    `key` are the columns that say what a row is about: two rows that agree in them are one.
    `stream` is the subject that a row is about, and `plan` the commands that it comes to on that
    subject's state; none when everything that it says is on record already. Both raise Unfit.
    `passed_over` are headers of our own exports that say nothing here.
    """

    name: SheetKind
    title: Words
    told: Words
    columns: Callable[[Directory], tuple[Column, ...]]
    commands: Mapping[type[Command[Any]], Words]
    key: tuple[str, ...]
    stream: Callable[[Row, Directory], str]
    plan: Callable[[Row, Any, Directory], Sequence[Command[Any]]]
    passed_over: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """A file as it was read: its lines, where its header is, its rows and its problems."""

    name: str
    digest: str
    columns: tuple[Column, ...]
    places: Mapping[str, int]
    lines: Mapping[int, Line]
    header: Line
    rows_read: int
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    def problem(self, row: int, column: str, words: Words) -> Problem:
        """A problem of one cell, under the header that the sheet itself has."""
        line, place = self.lines[row], self.places.get(column)
        cell = "" if place is None or place >= len(line.cells) else line.cells[place]
        return Problem(row, self.headed(column), cell[:CHARACTERS_SHOWN_MAX], words)

    @property
    def problems_place(self) -> int:
        """Where the column of problems is, or belongs: behind every other."""
        for place, cell in enumerate(self.header.cells):
            if _is_ours(cell):
                return place
        return max(len(line.cells) for line in self.lines.values())

    def headed(self, column: str) -> str:
        """How the sheet heads a column; its Chinese title where the sheet has it not."""
        if column in self.places:
            return self.header.cells[self.places[column]]
        return next((each.title.zh for each in self.columns if each.name == column), column)


def read_sheet(kind: Kind, file: Path | bytes, name: str, directory: Directory) -> Sheet:
    """Read a sheet from a workbook or from CSV. Whatever is wrong with it is among its problems;
    FileRefused only when nothing can be read at all."""
    content = read_file(file, name)
    digest, columns = sha256(content).hexdigest(), kind.columns(directory)
    lines = read_lines(content, name)
    known = {header: each.name for each in columns for header in each.headers}
    header = _header(lines, known)
    if header is None:
        raise FileRefused(name, [_no_header(kind, columns)])
    found = [known.get(_plain(cell)) for cell in header.cells]
    body = [each for each in lines if each.number > header.number and not _is_example(each)]
    sheet = Sheet(
        name=name,
        digest=digest,
        columns=columns,
        places={column: place for place, column in enumerate(found) if column},
        lines={each.number: each for each in lines},
        header=header,
        rows_read=len(body),
        rows=(),
        problems=(),
    )
    problems = [
        *_wrong_headers(sheet, header, found, body, {_plain(each) for each in kind.passed_over}),
        *_wrong_size(len(body)),
    ]
    if problems:
        return sheet._replace(problems=tuple(problems))
    rows: list[Row] = []
    for each in body:
        row, wrong = _row(sheet, each, directory)
        problems += wrong
        if not wrong:
            rows.append(row)
    repeated = list(_repeated(sheet, kind, rows))
    again = {each.row for each in repeated}
    kept = tuple(row for row in rows if row.number not in again)
    return sheet._replace(rows=kept, problems=(*problems, *repeated))


def _plain(header: str) -> str:
    return _PUNCTUATION.sub("", plain(header)).lower()


def _header(lines: Sequence[Line], known: Mapping[str, str]) -> Line | None:
    for each in lines[:HEADER_ROWS_MAX]:
        if len({known[h] for cell in each.cells if (h := _plain(cell)) in known}) >= (
            HEADERS_FOUND_MIN
        ):
            return each
    return None


def _is_ours(header: str) -> bool:
    return _plain(header).startswith((_plain(PROBLEMS.zh), _plain(PROBLEMS.en)))


def _is_example(line: Line) -> bool:
    first = next((cell for cell in line.cells if cell), "")
    return bool(_EXAMPLE.match(first))


def _wrong_headers(
    sheet: Sheet,
    header: Line,
    found: Sequence[str | None],
    body: Sequence[Line],
    passed_over: set[str],
) -> Iterator[Problem]:
    width = max((len(each.cells) for each in body), default=0)
    for place in range(max(len(header.cells), width)):
        cell = header.cells[place] if place < len(header.cells) else ""
        if place < len(found) and found[place]:
            continue
        if not cell and not any(place < len(each.cells) and each.cells[place] for each in body):
            continue
        if not _is_ours(cell) and _plain(cell) not in passed_over:
            yield _unknown(header.number, cell or f"{_letter(place)}")
    for each in sheet.columns:
        if each.required and each.name not in found:
            yield Problem(
                header.number,
                each.title.zh,
                "",
                Words(
                    zh=f"缺少必填列“{each.title.zh}”；请补上，或使用模板。",
                    en=f"The column {each.title.en!r} is missing; add it, or use the template.",
                ),
            )
        if found.count(each.name) > 1:
            yield Problem(
                header.number,
                each.title.zh,
                header.cells[found.index(each.name)],
                Words(zh="该列重复；请只保留一列。", en="It is there twice; keep one."),
            )


def _unknown(row: int, header: str) -> Problem:
    return Problem(
        row,
        header,
        header,
        Words(
            zh=f"没有名为“{header}”的列；请删去该列，或改为模板中的列名。",
            en=f"There is no column {header!r}; take it out, or head it as the template does.",
        ),
    )


def _wrong_size(rows: int) -> Iterator[Problem]:
    if not rows:
        yield Problem(
            None,
            "",
            "",
            Words(zh="文件没有数据行；请填写后再提交。", en="The file has no rows; fill it in."),
        )
    if rows > ROWS_MAX:
        yield Problem(
            None,
            "",
            str(rows),
            Words(
                zh=f"共 {rows} 行，一次至多 {ROWS_MAX} 行；请拆分。",
                en=f"{rows} rows, and one file has at most {ROWS_MAX}; split it.",
            ),
        )


def _row(sheet: Sheet, line: Line, directory: Directory) -> tuple[Row, list[Problem]]:
    cells = {
        name: line.cells[place] if place < len(line.cells) else ""
        for name, place in sheet.places.items()
    }
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in sheet.columns:
        cell = cells.get(column.name, "")
        if not plain(cell):
            if column.required:
                words = Words(zh="单元格为空；此列必填。", en="The cell is empty; fill it in.")
                problems.append(sheet.problem(line.number, column.name, words))
            continue
        try:
            values[column.name] = column.read(cell, directory)
            if column.name == "community_name" and "community" in values:
                directory.require_called(values["community"], cell)
        except Unfit as unfit:
            problems.append(sheet.problem(line.number, unfit.column or column.name, unfit.words))
    return Row(line.number, values, cells), problems


def _repeated(sheet: Sheet, kind: Kind, rows: Iterable[Row]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        first = seen.setdefault(tuple(row[name] for name in kind.key), row.number)
        if first != row.number:
            words = Words(
                zh=f"与第 {first} 行为同一事项；请只保留一行。",
                en=f"This is about the same as row {first}; keep one of them.",
            )
            yield sheet.problem(row.number, kind.key[0], words)


def _no_header(kind: Kind, columns: Iterable[Column]) -> Problem:
    needed = [each.title for each in columns if each.required]
    return Problem(
        None,
        "",
        "",
        Words(
            zh=f"未找到{kind.title.zh}的表头；须有：{'、'.join(each.zh for each in needed)}。"
            "可先下载模板。",
            en=f"No header of {kind.title.en} found; it needs "
            f"{', '.join(each.en for each in needed)}. The template has it.",
        ),
    )


def _letter(place: int) -> str:
    """A column as Excel calls it: A for 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
