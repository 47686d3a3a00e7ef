"""The operation log: sign-ins, use of keys, refusals for want of authority, changes of rights.

It is apart from the record, and no less kept: entries are only added, each with the digest of the
one before it (GB/T 22239, 8.1.4.3). Nothing removes any. Of what is refused over and over, the
first of each minute is an entry, and the number of those like it another: no flood fills the disk.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple, get_args

import psycopg
from psycopg.types.json import Jsonb

from access.attempts import network_of
from access.kernel import Database, digest_of
from domain.kernel.context import Authority
from domain.kernel.permission import READ_OPERATION_LOG
from domain.kernel.refusal import NotAuthorised
from domain.kernel.text import visible
from record.sql import statements

SQL = statements(__file__)
What = Literal["sign-in", "sign-out", "account", "key", "key-use", "refusal", "rights", "export"]
WHAT: tuple[What, ...] = get_args(What)
# What anybody can make happen as often as they like, when it fails.
COUNTED: tuple[What, ...] = ("key-use", "refusal")
Form = Literal["csv", "jsonl"]
# What begins a formula where a table is opened.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PAGE = 1_000


class Operation(NamedTuple):
    """One entry: what was tried, by whom, from where, and whether it succeeded.

    `operation` is that of the API or the command line; `code` says why it did not succeed. Of an
    export, `taken` are its parameters and `lines` how many lines it had. `further` is how many more
    like the entry `alike` there were within its minute: of the same person, network and code.
    """

    number: int
    at: datetime
    what: What
    succeeded: bool
    digest: str
    person: str | None = None
    login: str | None = None
    key: str | None = None
    operation: str | None = None
    code: str | None = None
    subject: str | None = None
    address: str | None = None
    agent: str | None = None
    request: str | None = None
    taken: str | None = None
    lines: int | None = None
    alike: int | None = None
    further: int | None = None


class Checked(NamedTuple):
    """How far the chain holds, the digest of the last entry that does, and the number of the first
    that is not what was noted or does not follow the one before it."""

    entries: int
    digest: str
    broken: int | None


class OperationLog:
    """All entries, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self,
        what: What,
        *,
        succeeded: bool = True,
        address: str | None = None,
        **facts: str | int | None,
    ) -> None:
        """Add an entry, or count it. `facts` are fields of `Operation`."""
        noted = {"what": what, "succeeded": succeeded, "address": address, **facts}
        if succeeded or what not in COUNTED:
            self._database.rows(SQL["note"], facts=Jsonb(noted))
            return
        kind = (what, facts.get("person"), facts.get("code"), network_of(address))
        counted = digest_of(json.dumps(kind))
        self._database.rows(SQL["note_of_kind"], kind=counted, facts=Jsonb(noted))

    def page(
        self,
        *,
        after: int,
        limit: int,
        what: str | None = None,
        person: str | None = None,
    ) -> list[Operation]:
        """The entries after a number, in order."""
        rows = self._database.rows(SQL["page"], after=after, limit=limit, what=what, person=person)
        return [_operation(row) for row in rows]

    def check(self) -> Checked:
        """Follow the chain from the first entry on, to the end or to where it breaks."""
        return chain(self._all())

    def exported(self, form: Form) -> Iterator[str]:
        """All entries as lines. Those of JSON have the text that was hashed, so that whoever has
        them can follow the chain: each `digest` is the SHA-256 of its `entry`."""
        if form == "csv":
            yield _line(Operation._fields)
        for row in self._all():
            if form == "csv":
                yield _line("" if each is None else str(each) for each in _operation(row))
            else:
                digest = bytes(row["digest"]).hex()
                told = {"digest": digest, "entry": row["entry"]}
                yield json.dumps(told, ensure_ascii=False) + "\n"

    def _all(self) -> Iterator[dict[str, Any]]:
        after = 0
        while rows := self._database.rows(
            SQL["page"], after=after, limit=PAGE, what=None, person=None
        ):
            yield from rows
            after = rows[-1]["number"]


def chain(rows: Iterable[dict[str, Any]]) -> Checked:
    """How far these entries, from the first on, are what was noted and follow one another."""
    number, previous = 0, ""
    for row in rows:
        entry, number = row["entry"], number + 1
        told = json.loads(entry)
        whole = sha256(entry.encode()).digest() == bytes(row["digest"])
        follows = (told["number"], told["previous"]) == (row["number"], previous)
        if not (whole and follows and row["number"] == number):
            return Checked(number - 1, previous, number)
        previous = bytes(row["digest"]).hex()
    return Checked(number, previous, None)


def note_export(url: str, operation: str, *, person: str, subject: str | None = None) -> None:
    """Note under any login that reads the record, that something is taken along."""
    with psycopg.connect(url) as connection:
        told = {"operation": operation, "person": person, "subject": subject}
        connection.execute(SQL["note_export"], told)


def require_auditor(authority: Authority, city: str) -> None:
    """NotAuthorised for anybody but an auditor of the whole city."""
    may = authority.role in READ_OPERATION_LOG.always
    if not may or authority.jurisdiction != city:
        raise NotAuthorised("operation-log.for-auditors")


def _line(values: Iterable[str]) -> str:
    line = io.StringIO()
    shown = (visible(each) for each in values)
    csv.writer(line).writerow(f"'{each}" if each.startswith(FORMULA) else each for each in shown)
    return line.getvalue()


def _operation(row: dict[str, Any]) -> Operation:
    told = json.loads(row["entry"])
    facts = {name: told[name] for name in Operation._fields if name in told}
    return Operation(**{**facts, "at": row["at"], "digest": bytes(row["digest"]).hex()})
