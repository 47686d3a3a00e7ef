"""What a kind of sheet is, and a sheet of one as it was read.

A kind is a small description: which columns it has, and which commands a row comes to. What a rule
says of a command is not known here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from api.sheets.cells import CHARACTERS_SHOWN_MAX, Unfit
from api.sheets.directory import Directory
from api.sheets.table import CellProblem, Line, plain
from domain.batch.events import SheetKind
from domain.kernel.command import Command
from domain.kernel.context import Document
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

# A column that we wrote ourselves when the sheet came before.
PROBLEMS = Bilingual(zh="问题", en="Problems")
_PUNCTUATION = re.compile(r"[\s()\[\]、/／·_.,:;*＊-]+")

Read = Callable[[str, Directory], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: how it is headed, how a cell of it becomes a value, and what belongs in it.

    `field` is the command's field that takes the value, where it is called otherwise; `called` what
    the rules' English sentences call it by, where it stands for an entry of the policy. `along` are
    the columns that have to be filled in where this one is.
    """

    name: str
    title: Bilingual
    read: Read
    told: Bilingual
    example: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    field: str | None = None
    called: str | None = None
    along: tuple[str, ...] = ()
    allowed: tuple[Bilingual, ...] = ()

    @property
    def headers(self) -> set[str]:
        """What the column may be headed, as headers are compared."""
        named = (self.name, self.title.zh, self.title.en, self.title.zh + self.title.en)
        return {header_word(each) for each in (*named, *self.also)}


@dataclass(frozen=True)
class Row:
    """One row: its values by column, None for an empty cell. `wrong` are the columns of which a
    problem is told already, and whose values are therefore unknown; `filled` those with a cell
    that says something."""

    number: int
    values: Mapping[str, Any]
    wrong: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def stated(self, *columns: str) -> dict[str, Any]:
        """The values of these columns as fields of a command; empty ones are left out."""
        return {name: self[name] for name in columns if self[name] is not None}


class Draft(NamedTuple):
    """A command that a row comes to, its fields as the row states them, and what it rests on.

    `column` is where its fields stand when they are no columns of their own."""

    command: type[Command[Any]]
    fields: Mapping[str, Any]
    basis: tuple[Document, ...] = ()
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class SheetFormat:
    """One kind of sheet.

    `key` are the columns that say what a row is about: two rows that agree in them are one.
    `stream` is the subject that a row is about, or raises Unfit. `plan` is what the row comes to on
    that subject's state: commands, and every cell that is unfit; nothing when all that it says is
    on record already. It is asked of a row with wrong cells too, as long as its key is known.
    `across` are the cells that do not fit one another, whatever is known of the others.
    `passed_over` are headers of our own exports that say nothing here.
    """

    name: SheetKind
    title: Bilingual
    told: Bilingual
    columns: Callable[[Directory], tuple[Column, ...]]
    commands: Mapping[type[Command[Any]], Bilingual]
    key: tuple[str, ...]
    stream: Callable[[Row, Directory], str]
    plan: Callable[[Row, Any, Directory], Iterable[Draft | Unfit]]
    across: Callable[[Row, Directory], Iterable[Unfit]] = lambda _row, _directory: ()
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
    problems: tuple[CellProblem, ...]

    def problem(
        self,
        row: int,
        column: str,
        refusal: Refused,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> CellProblem:
        """A problem of one cell, under the header that the sheet itself has."""
        cell = self.cell(self.lines[row], column)[:CHARACTERS_SHOWN_MAX]
        return CellProblem(row, self.headed(column), cell, refusal, names)

    def cell(self, line: Line, column: str) -> str:
        """What stands in a column of a line; nothing where the sheet has the column not."""
        place = self.places.get(column)
        return "" if place is None or place >= len(line.cells) else line.cells[place]

    @property
    def problems_place(self) -> int:
        """Where the column of problems is, or belongs: behind every other."""
        for place, cell in enumerate(self.header.cells):
            if is_ours(cell):
                return place
        return max(len(line.cells) for line in self.lines.values())

    def headed(self, column: str) -> str:
        """How the sheet heads a column; its Chinese title where the sheet has it not."""
        if column in self.places:
            return self.header.cells[self.places[column]]
        return next((each.title.zh for each in self.columns if each.name == column), column)


def header_word(header: str) -> str:
    """A header as it is compared: half-width, lower case, without blanks and punctuation."""
    return _PUNCTUATION.sub("", plain(header)).lower()


def is_ours(header: str) -> bool:
    """Whether it heads the column of problems that we wrote ourselves."""
    return header_word(header).startswith((header_word(PROBLEMS.zh), header_word(PROBLEMS.en)))
