"""The demo's whole mixture of entries at any size: its districts with all that happens in them, as
often as it takes, under other ids, codes and names, in one city with one calendar of rounds.

Written with COPY, byte for byte as the record writes. One copy is the demo's record itself.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from typing import NamedTuple

import psycopg
from psycopg import sql

from domain.kernel.ids import derive_id

COPIES_MAX = 99
# An id, a code under the city's, or a text that is not ASCII: what may be another in each copy.
TOKEN = re.compile(
    r'((?<=[":.])[a-z2-7]{16}(?=[".])'
    r'|(?<=[":])9901[0-9]{2}(?:[0-9]{3}){0,2}(?=")'
    r'|(?<=":")[^\x00-\x7f"\\][^"\\]*(?="))'
)
ID = re.compile("[a-z2-7]{16}")
CODE = re.compile(r"9901([0-9]{2}(?:[0-9]{3}){0,2})")
NAME = re.compile(r'[{,]"name":"([^"\\]+)"')
# In entries that stand once for the whole city: what counts its communities or items, and what
# names another entry of the same stream by its version.
COUNT = re.compile(r'(?<=")(communities|items)":([0-9]+)')
VERSION = re.compile(r'(?<=")(annuls|corrects)":([0-9]+)')
ENTRY_COLUMNS = {
    "originator_id": "text",
    "originator_version": "int8",
    "topic": "text",
    "state": "bytea",
    "notification_id": "int8",
    "recorded_at": "timestamptz",
}
RECEIPT_COLUMNS = {
    "command_id": "text",
    "digest": "bytea",
    "stream": "text",
    "version": "int8",
    "position": "int8",
    "last_position": "int8",
    "recorded_at": "timestamptz",
}


class Source(NamedTuple):
    """An entry of the demo: its JSON up to the four keys that the record adds, cut at TOKEN."""

    stream: str
    version: int
    event: str
    pieces: list[str]
    command_id: str
    recorded_at: datetime


class Row(NamedTuple):
    """A row of record.entries."""

    stream: str
    version: int
    event: str
    state: bytes
    position: int
    recorded_at: datetime


class Receipt(NamedTuple):
    """A row of record.receipts."""

    command_id: str
    digest: bytes
    stream: str
    version: int
    position: int
    last_position: int
    recorded_at: datetime


class Mixture:
    """The entries of one recorded demo, and how to multiply them."""

    def __init__(self, entries: Iterable[tuple[str, int, str, str, datetime]]) -> None:
        self.sources: list[Source] = []
        names: set[str] = set()
        for stream, version, event, state, recorded_at in entries:
            head, _, _ = state.rpartition(',"position":')
            command_id = head.rpartition('"command_id":"')[2].partition('"')[0]
            pieces = TOKEN.split(head)
            self.sources.append(Source(stream, version, event, pieces, command_id, recorded_at))
            if stream.startswith(("community:", "jurisdiction:")):
                names |= set(NAME.findall(head))
        self._tokens = {piece for source in self.sources for piece in source.pieces[1::2]}
        # What all copies have in common: the city, and the rounds that it holds.
        self._common = {
            piece
            for source in self.sources
            if source.event in ("RecordFounded", "RoundPlanned")
            for place in ('"city":"', '"round":"')
            for piece in re.findall(f'{place}([a-z2-7]{{16}})"', "".join(source.pieces))
        }
        founding = next(s for s in self.sources if s.event == "RecordFounded")
        (city,) = re.findall('"city_name":"([^"]+)"', "".join(founding.pieces))
        self._names = names - {city}

    def copies(self, size: int) -> int:
        """How many copies come nearest to so many entries."""
        return min(COPIES_MAX, max(1, round(size / len(self.sources))))

    def multiplied(self, copies: int) -> Iterator[tuple[Receipt, list[Row]]]:
        """All commands in the order of the record: the receipt of each, with its entries.

        A command of the city stands once, with the entries of each copy; any other once a copy.
        """
        assert 1 <= copies <= COPIES_MAX
        tables = [self._table(copy) for copy in range(copies)]
        position = 0
        versions: dict[str, int] = defaultdict(int)
        moved: dict[tuple[str, int], int] = {}  # of copy 0: the version that a source's became

        def write(source: Source, copy: int, *, once: bool, command_id: str) -> Row:
            nonlocal position
            position += 1
            table = tables[copy]
            stream = ":".join(
                ".".join(table.get(part, part) for part in parts.split("."))
                for parts in source.stream.split(":")
            )
            version = versions[stream] = versions[stream] + 1
            if copy == 0:
                moved[source.stream, source.version] = version
            head = "".join([table.get(piece, piece) for piece in source.pieces])
            own = table.get(source.command_id, source.command_id)
            if own != command_id:
                head = head.replace(f'"command_id":"{own}"', f'"command_id":"{command_id}"')
            if once:
                head = COUNT.sub(lambda m: f'{m[1]}":{int(m[2]) * copies}', head)
                head = VERSION.sub(lambda m: f'{m[1]}":{moved[source.stream, int(m[2])]}', head)
            at = source.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            state = (
                f'{head},"position":{position},"recorded_at":"{at}","stream":"{stream}",'
                f'"version":{version}}}'
            )
            return Row(stream, version, source.event, state.encode(), position, source.recorded_at)

        for command_id, grouped in groupby(self.sources, lambda source: source.command_id):
            group = [(source, self._stands_once(source)) for source in grouped]
            if any(once for _, once in group):
                rows = [
                    write(source, copy, once=once, command_id=command_id)
                    for source, once in group
                    for copy in range(1 if once else copies)
                ]
                yield _receipt(command_id, rows), rows
                continue
            for copy in range(copies):
                id = _derived(copy, command_id) if copy else command_id
                rows = [write(source, copy, once=False, command_id=id) for source, _ in group]
                yield _receipt(id, rows), rows

    def _own(self, text: str) -> bool:
        """Whether a stream's name is another in each copy."""
        return any(self._is_own_id(part) or CODE.fullmatch(part) for part in re.split("[:.]", text))

    def _is_own_id(self, text: str) -> bool:
        return ID.fullmatch(text) is not None and text not in self._common

    def _stands_once(self, source: Source) -> bool:
        """Whether it is on a stream of the city's, and names nothing that each copy has."""
        if self._own(source.stream):
            return False
        body = "".join(source.pieces).partition('"body":')[2].rpartition(',"command_id":')[0]
        return not any(map(self._is_own_id, TOKEN.split(body)[1::2]))

    def _table(self, copy: int) -> dict[str, str]:
        """What each token becomes in a copy; in the first it stays."""
        table: dict[str, str] = {}
        if copy == 0:
            return table
        for token in self._tokens - self._common:
            if code := CODE.fullmatch(token):
                table[token] = f"99{copy + 1:02}{code[1]}"
            elif token in self._names:
                table[token] = f"{token}{copy + 1}"
            elif ID.fullmatch(token):
                table[token] = _derived(copy, token)
        return table


def _derived(copy: int, id: str) -> str:
    """What an id is in a copy."""
    return derive_id("bench", copy, id)


def read(url: str) -> Mixture:
    """The mixture of the demo that is on record in this database."""
    with psycopg.connect(url) as connection:
        return Mixture(
            connection.execute(
                "select originator_id, originator_version, topic, convert_from(state, 'UTF8'),"
                " recorded_at from record.entries order by notification_id"
            )
        )


def write(mixture: Mixture, copies: int, source: str, target: str) -> int:
    """Write so many copies into an empty record, with the attachments of the source.

    Returns how many entries there are.
    """
    receipts: list[Receipt] = []
    count = 0
    with psycopg.connect(target) as connection:
        _copy_attachments(source, connection)
        with connection.cursor() as cursor, cursor.copy(_into("entries", ENTRY_COLUMNS)) as copy:
            copy.set_types(list(ENTRY_COLUMNS.values()))
            for receipt, rows in mixture.multiplied(copies):
                receipts.append(receipt)
                count += len(rows)
                for row in rows:
                    copy.write_row(row)
        with connection.cursor() as cursor, cursor.copy(_into("receipts", RECEIPT_COLUMNS)) as copy:
            copy.set_types(list(RECEIPT_COLUMNS.values()))
            for receipt in receipts:
                copy.write_row(receipt)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return count


def _copy_attachments(source: str, target: psycopg.Connection) -> None:
    with psycopg.connect(source) as connection:
        for table in ("attachments", "attachment_chunks"):
            name = sql.Identifier("record", table)
            out = sql.SQL("copy {} to stdout (format binary)").format(name)
            into = sql.SQL("copy {} from stdin (format binary)").format(name)
            with (
                connection.cursor().copy(out) as reading,
                target.cursor().copy(into) as writing,
            ):
                for block in reading:
                    writing.write(block)


def _into(table: str, columns: Iterable[str]) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier("record", table), names
    )


def _receipt(command_id: str, rows: list[Row]) -> Receipt:
    """The receipt of these entries. Its stream is the first entry's, as for most commands."""
    stream = rows[0].stream
    version = max(row.version for row in rows if row.stream == stream)
    digest = sha256(command_id.encode()).digest()
    first, last = rows[0], rows[-1]
    return Receipt(
        command_id, digest, stream, version, first.position, last.position, last.recorded_at
    )
