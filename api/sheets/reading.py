"""A sheet read: its columns found by their headers, every cell read, all problems kept."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.sheets.cells import CHARACTERS_SHOWN_MAX, Unfit, require_computed
from api.sheets.directory import Directory
from api.sheets.sheet import Column, Row, Sheet, SheetFormat, header_word, is_ours
from api.sheets.table import (
    CellProblem,
    FileRefused,
    FirstSheet,
    Line,
    first_sheet,
    plain,
    read_file,
    read_lines,
)
from domain.kernel.text import Bilingual, Number

ROWS_MAX = 10_000
HEADER_ROWS_MAX = 10
HEADERS_FOUND_MIN = 2
# The row that a template shows.
_EXAMPLE = re.compile(r"(示例|example)[:：]", re.IGNORECASE)


def read_sheet(kind: SheetFormat, file: Path | bytes, name: str, directory: Directory) -> Sheet:
    """Read a sheet from a workbook or from CSV. Whatever is wrong with it is among its problems;
    FileRefused only when nothing can be read at all."""
    content = read_file(file, name)
    digest, columns = sha256(content).hexdigest(), kind.columns(directory)
    lines = read_lines(content, name)
    known = {header: each.name for each in columns for header in each.headers}
    header = _header(lines, known)
    if header is None:
        raise FileRefused(name, [_no_header(kind, columns, lines, first_sheet(content))])
    found = [known.get(header_word(cell)) for cell in header.cells]
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
    """The rows, of those about one matter the first, and the problems of all of them."""
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
            yield _unknown(header.number, cell or f"{_letter(place)}")
    for each in sheet.columns:
        if each.required and each.name not in found:
            yield CellProblem(
                header.number,
                each.title.zh,
                "",
                Bilingual(
                    zh=f"缺少必填列“{each.title.zh}”；请补上，或使用模板。",
                    en=f"The column {each.title.en!r} is missing; add it, or use the template.",
                ),
            )
        if found.count(each.name) > 1:
            yield CellProblem(
                header.number,
                each.title.zh,
                header.cells[found.index(each.name)],
                Bilingual(zh="该列重复；请只保留一列。", en="It is there twice; keep one."),
            )


def _unknown(row: int, header: str) -> CellProblem:
    return CellProblem(
        row,
        header,
        header,
        Bilingual(
            zh=f"没有名为“{header}”的列；请删去该列，或改为模板中的列名。",
            en=f"There is no column {header!r}; take it out, or head it as the template does.",
        ),
    )


def _wrong_size(rows: int) -> Iterator[CellProblem]:
    if not rows:
        yield CellProblem(
            None,
            "",
            "",
            Bilingual(
                zh="文件没有数据行；请填写后再提交。", en="The file has no rows; fill it in."
            ),
        )
    if rows > ROWS_MAX:
        yield CellProblem(
            None,
            "",
            str(rows),
            Bilingual(
                zh=f"共 {rows} 行，一次至多 {ROWS_MAX} 行；请拆分。",
                en=f"{Number(rows):row|rows}, and one file has at most {ROWS_MAX}; split it.",
            ),
        )


def _row(
    sheet: Sheet, line: Line, lost: frozenset[str], directory: Directory
) -> tuple[Row, list[CellProblem]]:
    """A row with every cell that can be read, and a problem of each that cannot; nothing is said
    of the columns that the header has lost."""
    values: dict[str, Any] = {}
    problems: dict[str, CellProblem] = {}
    filled = {each.name for each in sheet.columns if plain(sheet.cell(line, each.name))}
    along = {name: each for each in sheet.columns if each.name in filled for name in each.along}
    for column in sheet.columns:
        cell = sheet.cell(line, column.name)
        if column.name in lost:
            continue
        if column.name not in filled:
            if column.required:
                problems[column.name] = sheet.problem(line.number, column.name, _EMPTY)
            elif column.name in along:
                words = _along(along[column.name])
                problems[column.name] = sheet.problem(line.number, column.name, words)
            continue
        try:
            require_computed(cell)
            values[column.name] = column.read(cell, directory)
            if column.name == "community_name" and "community" in values:
                directory.require_called(values["community"], cell)
        except Unfit as unfit:
            problems[column.name] = sheet.problem(line.number, column.name, unfit.words)
    # Where code and name disagree, nobody knows which of the two is meant.
    doubtful = {"community"} if "community_name" in problems else set()
    wrong = lost | {*problems} | doubtful
    return Row(line.number, values, wrong, frozenset(filled)), [*problems.values()]


_EMPTY = Bilingual(zh="单元格为空；此列必填。", en="The cell is empty; fill it in.")


def _along(column: Column) -> Bilingual:
    return Bilingual(
        zh=f"已填“{column.title.zh}”时，此列也须填写。",
        en=f"This has to be filled in where {column.title.en!r} is.",
    )


def _repeated(sheet: Sheet, kind: SheetFormat, rows: Iterable[Row]) -> Iterator[CellProblem]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if not row.wrong.isdisjoint(kind.key):
            continue
        first = seen.setdefault(tuple(row[name] for name in kind.key), row.number)
        if first != row.number:
            words = Bilingual(
                zh=f"与第 {first} 行为同一事项；请只保留一行。",
                en=f"This is about the same as row {first}; keep one of them.",
            )
            yield sheet.problem(row.number, kind.key[0], words)


def _no_header(
    kind: SheetFormat, columns: Iterable[Column], lines: Sequence[Line], of: FirstSheet | None
) -> CellProblem:
    needed = [each.title for each in columns if each.required]
    zh, en = "、".join(each.zh for each in needed), ", ".join(each.en for each in needed)
    first = "、".join(cell for cell in lines[0].cells if cell)[:CHARACTERS_SHOWN_MAX]
    where = Bilingual(zh="文件", en="The file")
    more_zh, more_en = (
        "如以上首行显示为乱码，请另存为 xlsx 或 UTF-8 的 CSV。",
        (" If that row looks garbled, save the file as xlsx or as CSV in UTF-8."),
    )
    if of:
        where = Bilingual(zh=f"工作表“{of.title}”", en=f"The worksheet {of.title!r}")
        more_zh, more_en = of.zh, of.en
    return CellProblem(
        None,
        "",
        "",
        Bilingual(
            zh=f"{where.zh}的前 {HEADER_ROWS_MAX} 行中没有{kind.title.zh}的表头，首行为“{first}”。"
            f"表头须有：{zh}。可下载模板照填。{more_zh}",
            en=f"{where.en} has no header of {kind.title.en} in its first {HEADER_ROWS_MAX} rows; "
            f"the first says {first!r}. It needs {en}, as the template has them.{more_en}",
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
