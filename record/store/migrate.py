"""Migrates a database to the newest schemas: numbered files of each, each applied once.

Several processes may start at once: one migrates under an advisory lock, and the others wait.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from typing import LiteralString, NamedTuple

import psycopg
from psycopg import sql

from domain.kernel.refusal import Refused
from record.logins import settle_rights

LOCK = 4919131752989213765
# Whoever migrates acts as the one to whom the record belongs, so that all of it does.
AS_OWNER = """
select set_config('role', owner, true) from (
    select pg_get_userbyid(coalesce(n.nspowner, d.datdba)) as owner
    from pg_database d left join pg_namespace n on n.nspname = 'record'
    where d.datname = current_database()
) keeper where owner <> current_user and pg_has_role(owner, 'member')
"""
# What they were for a while: 0001 with what 0003 does, and 0003 without it.
AS_GOOD = {
    "5803ab0707e199651759a193f65f7bd9c67fe17d36f86a42f3401705ce27e598": "0001_record.sql",
    "5764520a37babbe3d4ee2dad51981c116f62fa10d5a77dc5c7cca2110c563b1a": "0001_record.sql",
    "bcc88454d8257a76401409708aea90255dcc8def3a21519e4670b84cd5540df8": "0003_caused_by.sql",
}
# The schemas and the packages with their files, in order. Named, not imported: the record knows
# nothing of access.
SCHEMAS = {"record": "record.store", "access": "access"}
FIRST = """
create schema if not exists {schema};
create table if not exists {schema}.migrations (
    number integer primary key,
    name text not null,
    digest text not null,
    applied_at timestamptz not null default clock_timestamp()
);
"""


class MigrationRefused(Refused):
    """The database cannot be migrated to this program's schemas."""


class Migration(NamedTuple):
    """One file of a schema."""

    schema: str
    name: str
    text: str

    @property
    def shown(self) -> str:
        """Its name with the schema, such as `record/0001_record.sql`."""
        return f"{self.schema}/{self.name}"

    @property
    def digest(self) -> str:
        """SHA-256 of its text."""
        return sha256(self.text.encode()).hexdigest()


def migrate(url: str) -> tuple[str, ...]:
    """Apply all missing files or none; returns the names of those applied.

    The rights of the roles are settled each time, whether or not a file is missing.
    """
    with psycopg.connect(url) as connection:
        connection.execute("set local client_min_messages = warning")
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        settle_rights(connection)
        connection.execute(AS_OWNER)
        for schema in SCHEMAS:
            connection.execute(_in(schema, FIRST))
        missing = tuple(each for schema in SCHEMAS for each in _missing(connection, schema))
        for migration in missing:
            connection.execute(migration.text.encode())
            connection.execute(
                _in(
                    migration.schema,
                    "insert into {schema}.migrations (number, name, digest) values (%s, %s, %s)",
                ),
                (int(migration.name.partition("_")[0]), migration.name, migration.digest),
            )
        connection.execute("reset role")
        settle_rights(connection)
    return tuple(each.shown for each in missing)


def pending(url: str) -> tuple[str, ...]:
    """The files that `migrate` would apply; empty if the schemas are up to date."""
    with psycopg.connect(url) as connection:
        return tuple(each.shown for schema in SCHEMAS for each in _pending(connection, schema))


def _pending(connection: psycopg.Connection, schema: str) -> Iterator[Migration]:
    found = connection.execute("select to_regclass(%s)", (f"{schema}.migrations",)).fetchone()
    if found is None or found[0] is None:
        return iter(_migrations(schema).values())
    return _missing(connection, schema)


def _missing(connection: psycopg.Connection, schema: str) -> Iterator[Migration]:
    rows = connection.execute(
        _in(schema, "select name, digest from {schema}.migrations order by number")
    )
    applied: dict[str, str] = dict(rows.fetchall())
    migrations = _migrations(schema)
    for name, digest in applied.items():
        if name not in migrations:
            raise MigrationRefused("record.migration-unknown", migration=f"{schema}/{name}")
        if digest != migrations[name].digest and AS_GOOD.get(digest) != name:
            raise MigrationRefused("record.migration-changed", migration=f"{schema}/{name}")
    return (each for name, each in migrations.items() if name not in applied)


def _migrations(schema: str) -> Mapping[str, Migration]:
    folder = files(SCHEMAS[schema]) / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in names)
    return {name: Migration(schema, name, text) for name, text in texts}


def _in(schema: str, statement: LiteralString) -> sql.Composed:
    return sql.SQL(statement).format(schema=sql.Identifier(schema))
