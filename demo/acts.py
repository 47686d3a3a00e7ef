"""The acts of the demo's offices, with their documents, before they are recorded.

An act decides nothing: it is a command to the record, at an hour of the simulation.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from demo.chance import chance
from demo.names import CITY_NAME
from domain.batch.receiving import ReceiveBatch
from domain.kernel.command import Command
from domain.kernel.context import Acting, Document
from domain.kernel.ids import derive_id

# The command, or a function of the stream's state: a correction needs an entry's number.
Ask = Command[Any] | Callable[[Any], Command[Any]]


@dataclass(frozen=True)
class Paper:
    """A document that an act rests on. Its number follows from its issuer's others of that year."""

    issuer: str
    stem: str
    title: str
    issued_on: date


@dataclass(frozen=True)
class Act:
    """One command on one stream, at a moment; `despite` is why it is recorded although it breaks a
    procedure."""

    at: datetime
    stream: str
    ask: Ask
    by: Acting
    papers: tuple[Paper, ...] = ()
    despite: str | None = None

    @property
    def id(self) -> str:
        """Its command id: the same whenever the demo is recorded."""
        return derive_id("demo", self.stream, self.at)

    @property
    def commands(self) -> int:
        """The number of its commands."""
        return 1


@dataclass(frozen=True)
class Import:
    """A list that an office submits: one batch of commands, at a moment."""

    at: datetime
    received: ReceiveBatch
    asked: tuple[tuple[str, Command[Any]], ...]
    by: Acting
    papers: tuple[Paper, ...] = ()

    @property
    def id(self) -> str:
        """Its batch's id: the same whenever the demo is recorded."""
        return derive_id("demo", self.received.file_name, self.at)

    @property
    def commands(self) -> int:
        """The number of its commands."""
        return len(self.asked)


def numbered(acts: Sequence[Act | Import]) -> dict[Paper, Document]:
    """The papers as documents: each issuer's of a year numbered in the order of their days.

    There are gaps: offices issue documents about other things too. The city's own are at hand, and
    attached; see `text_of`.
    """
    papers = dict.fromkeys(paper for act in acts for paper in act.papers)
    last: defaultdict[tuple[str, int], int] = defaultdict(int)
    found = {}
    for paper in sorted(papers, key=lambda each: each.issued_on):
        issued = (paper.stem, paper.issued_on.year)
        last[issued] += chance(*issued, last[issued]).randint(1, 4)
        document = Document(
            issuer=paper.issuer,
            number=f"{paper.stem}〔{paper.issued_on.year}〕{last[issued]}号",
            title=paper.title,
            issued_on=paper.issued_on,
        )
        if CITY_NAME in paper.issuer:
            digest = sha256(text_of(document).encode()).hexdigest()
            document = document.model_copy(update={"attachments": (digest,)})
        found[paper] = document
    return found


def text_of(document: Document) -> str:
    """The text of an attached document."""
    on = document.issued_on
    assert on, "every paper of the demo has its day"
    return (
        f"{document.issuer}\n{document.number}\n\n{document.title}\n\n"
        "本文件及所涉单位、人员均为演示而虚构，仅列标题，正文从略。\n\n"
        f"{document.issuer}\n{on.year}年{on.month}月{on.day}日\n"
    )
