"""Migrates a database to the record's newest schema: numbered files, each applied once.

Several processes may start at once: one migrates under an advisory lock, and the others wait.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files

import psycopg

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
FIRST = """
create schema if not exists record;
create table if not exists record.migrations (
    number integer primary key,
    name text not null,
    digest text not null,
    applied_at timestamptz not null default clock_timestamp()
);
"""


class MigrationRefused(Refused):
    """The database cannot be migrated to this program's schema."""


def migrate(url: str) -> tuple[str, ...]:
    """Apply all missing files or none; returns the names of those applied.

    The rights of the roles are settled each time, whether or not a file is missing.
    """
    with psycopg.connect(url) as connection:
        connection.execute("set local client_min_messages = warning")
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        settle_rights(connection)
        connection.execute(AS_OWNER)
        connection.execute(FIRST)
        missing = tuple(_missing(connection))
        for name, text in missing:
            connection.execute(text.encode())
            connection.execute(
                "insert into record.migrations (number, name, digest) values (%s, %s, %s)",
                (_number(name), name, _digest(text)),
            )
        connection.execute("reset role")
        settle_rights(connection)
    return tuple(name for name, _ in missing)


def pending(url: str) -> tuple[str, ...]:
    """The files that `migrate` would apply; empty if the schema is up to date."""
    with psycopg.connect(url) as connection:
        found = connection.execute("select to_regclass('record.migrations')").fetchone()
        if found is None or found[0] is None:
            return tuple(_migrations())
        return tuple(name for name, _ in _missing(connection))


def _missing(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    rows = connection.execute("select name, digest from record.migrations order by number")
    applied: dict[str, str] = dict(rows.fetchall())
    migrations = _migrations()
    for name, digest in applied.items():
        if name not in migrations:
            raise MigrationRefused("record.migration-unknown", migration=name)
        if digest != _digest(migrations[name]) and AS_GOOD.get(digest) != name:
            raise MigrationRefused("record.migration-changed", migration=name)
    return ((name, text) for name, text in migrations.items() if name not in applied)


def _migrations() -> Mapping[str, str]:
    folder = files("record.store") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


def _number(name: str) -> int:
    return int(name.partition("_")[0])


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
