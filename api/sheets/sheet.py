"""A kind of sheet, and a sheet that was read.

A kind is a small description: its columns, and the commands of a row. It does not know
the rules.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from api.sheets.cells import CHARACTERS_SHOWN_MAX, Unfit
from api.sheets.directory import Directory
from api.sheets.files.found import Line, Worksheets
from api.sheets.table import CellProblem
from domain.batch.events import SheetKind
from domain.kernel.command import Command
from domain.kernel.context import Document
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual, plain

# The column of problems that we add to a marked sheet.
PROBLEMS = Bilingual(zh="问题", en="Problems")
_PUNCTUATION = re.compile(r"[\s()\[\]、/／·_.,:;*＊-]+")

Read = Callable[[str, Directory], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its header, how a cell is parsed, and its help.

    `field` is the command's field for the value, if its name differs. `called` is
    its name in the rules' English sentences, if it refers to an entry of the policy. `along` are
    columns that must be filled in if this one is. `beside` is an earlier column on whose value the
    meaning of the cell depends, with how it is parsed then.
    """

    name: str
    title: Bilingual
    read: Read
    help: Bilingual
    example: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    field: str | None = None
    called: str | None = None
    along: tuple[str, ...] = ()
    beside: tuple[str, Callable[[str, Directory, Any], Any]] | None = None
    allowed: tuple[Bilingual, ...] = ()

    @property
    def headers(self) -> set[str]:
        """The accepted headers of the column, in the form for comparison."""
        named = (self.name, self.title.zh, self.title.en, self.title.zh + self.title.en)
        return {header_word(each) for each in (*named, *self.also)}


@dataclass(frozen=True)
class Row:
    """One row: its values by column, None for an empty cell. `wrong` are the columns with a problem
    that is already reported, whose values are unknown; `filled` those with a non-empty cell."""

    number: int
    values: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def stated(self, *columns: str) -> dict[str, Any]:
        """The values of these columns as fields of a command, without empty ones."""
        return {name: self[name] for name in columns if self[name] is not None}


class Draft(NamedTuple):
    """A command of a row: its fields as the row states them, and its basis.

    `column` is the column of its fields, if they have none of their own."""

    command: type[Command[Any]]
    fields: Mapping[str, Any]
    basis: tuple[Document, ...] = ()
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class SheetFormat:
    """One kind of sheet.

    `key` are the columns that identify a row: two rows that agree in them are the same.
    `stream` gives the subject of a row, or raises Unfit. `plan` gives, on
    that subject's state, the commands of a row and its unfit cells; nothing if everything is
    already on record. It is called for rows with wrong cells, too, as long as the key is known.
    `across` gives the cells that do not fit each other.
    `passed_over` are headers of our own exports that are ignored here.
    """

    name: SheetKind
    title: Bilingual
    help: Bilingual
    columns: Callable[[Directory], tuple[Column, ...]]
    commands: Mapping[type[Command[Any]], Bilingual]
    key: tuple[str, ...]
    stream: Callable[[Row, Directory], str]
    plan: Callable[[Row, Any, Directory], Iterable[Draft | Unfit]]
    across: Callable[[Row, Directory], Iterable[Unfit]] = lambda _row, _directory: ()
    passed_over: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """A file as it was read: of a workbook, which worksheet; its lines, where its header is, its
    rows and its problems."""

    name: str
    digest: str
    worksheets: Worksheets | None
    columns: tuple[Column, ...]
    places: Mapping[str, int]
    lines: Mapping[int, Line]
    header: Line
    rows_read: int
    rows: tuple[Row, ...]
    problems: tuple[CellProblem, ...]

    def problem(
        self,
        row: int,
        column: str,
        refusal: Refused,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> CellProblem:
        """A problem of one cell, with the header as the sheet has it."""
        cell = self.cell(self.lines[row], column)[:CHARACTERS_SHOWN_MAX]
        return CellProblem(row, self.headed(column), cell, refusal, names)

    def cell(self, line: Line, column: str) -> str:
        """The cell in a column of a line; empty if the sheet lacks the column."""
        place = self.places.get(column)
        return "" if place is None or place >= len(line.cells) else line.cells[place]

    @property
    def problems_place(self) -> int:
        """The place of the column of problems: where it is, or after all others."""
        for place, cell in enumerate(self.header.cells):
            if is_ours(cell):
                return place
        return max(len(line.cells) for line in self.lines.values())

    def headed(self, column: str) -> str:
        """The sheet's header for a column; its Chinese title if the sheet lacks it."""
        if column in self.places:
            return self.header.cells[self.places[column]]
        return next((each.title.zh for each in self.columns if each.name == column), column)


def header_word(header: str) -> str:
    """A header for comparison: half-width, lower case, without blanks and punctuation."""
    return _PUNCTUATION.sub("", plain(header)).lower()


def is_ours(header: str) -> bool:
    """Whether it is the header of our own column of problems."""
    return header_word(header).startswith((header_word(PROBLEMS.zh), header_word(PROBLEMS.en)))
