"""Backs up who may come in and the operation log, in a file apart from the record's.

Whoever reads the record's backup gets no password's hash with it. Sessions are left out: after a
restore everybody signs in again. The file is lines of JSON, the last of which has the SHA-256 of
those before it.
"""

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from access.operation_log import chain
from domain.kernel.refusal import Refused
from record.sql import statements

SQL = statements(__file__)
FORMAT = 1
# In the order in which they name each other.
TABLES = ("accounts", "second_factors", "recovery_codes", "keys", "identities", "operation_log")


def back_up(url: str, file: Path) -> int:
    """Write a new file that only its owner reads; how many rows it has. Refused if it exists."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused("record.backup-exists", file=str(file)) from None
    digest = sha256()
    with os.fdopen(descriptor, "wb") as output, psycopg.connect(url) as connection:
        count = -1  # the head is no row
        for line in _lines(connection):
            digest.update(line)
            output.write(line)
            count += 1
        output.write(_line({"sha256": digest.hexdigest()}))
        output.flush()
        os.fsync(output.fileno())
    return count


def restore(url: str, file: Path) -> int:
    """Bring all of it back, as the owner, where there are no accounts and no log; how many rows.
    Refused, and nothing is written, if the file is not what was written, or its log is broken."""
    _require_whole(file)
    count = 0
    with psycopg.connect(url, row_factory=dict_row) as connection, file.open("rb") as lines:
        connection.execute(SQL["alone"])
        empty = connection.execute(SQL["is_empty"]).fetchone()
        if empty != {"empty": True}:
            raise Refused("access.not-empty")
        if (head := json.loads(next(lines))) != {"format": FORMAT}:
            raise Refused("record.backup-of-other-format", found=str(head), known=FORMAT)
        for told in map(json.loads, lines):
            if "table" in told:
                _insert(connection, told["table"], told["row"])
                count += 1
        with connection.cursor(name="restored") as log:
            log.execute(SQL["log"])
            if chain(log).broken is not None:
                raise Refused("record.backup-damaged", part=file.name)
    return count


def _insert(connection: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in row)
    insert = sql.SQL(
        "insert into {table} ({names}) select {names} from jsonb_populate_record(null::{table}, %s)"
    )
    where = sql.Identifier("access", table)
    connection.execute(insert.format(table=where, names=names), [Jsonb(row)])


def _lines(connection: psycopg.Connection[Any]) -> Iterator[bytes]:
    connection.execute(SQL["begin"])
    yield _line({"format": FORMAT})
    for table in TABLES:
        columns = connection.execute(SQL["columns"], {"table": table}).fetchall()
        told = sql.SQL(", ").join(sql.Identifier(name) for (name,) in columns)
        with connection.cursor(name=f"backup_{table}") as cursor:
            cursor.execute(
                sql.SQL("select to_jsonb(t) from (select {} from {} order by 1) t").format(
                    told, sql.Identifier("access", table)
                )
            )
            for (row,) in cursor:
                yield _line({"table": table, "row": row})


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _require_whole(file: Path) -> None:
    """Refused unless the last line has the digest of those before it."""
    digest, last = sha256(), b""
    with file.open("rb") as lines:
        for line in lines:
            digest.update(last)
            last = line
    if last != _line({"sha256": digest.hexdigest()}):
        raise Refused("record.backup-damaged", part=file.name)
