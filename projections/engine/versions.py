"""Which version of Annals keeps the read models, where several run: the one that came last.

Each is known by the definitions of all its projections, and has its number from the first time that
one of its workers was seen. So a worker of an older version waits, however often it is started. To
go back to an older version is a decision of somebody's, who rebuilds by hand.
"""

from collections.abc import Sequence
from hashlib import sha256

from psycopg import Connection

from projections.engine.definition import definition_of
from projections.engine.projection import Projection
from record.sql import statements

STATEMENTS = statements(__file__)
LOCK = 4919131752989213769


def version_of(projections: Sequence[Projection]) -> str:
    """What these projections are known by together, in hexadecimal."""
    definitions = sorted((each.name, definition_of(each)) for each in projections)
    return sha256(repr(definitions).encode()).hexdigest()


def is_newest(connection: Connection, projections: Sequence[Projection]) -> bool:
    """Whether no version came after this one; it counts as seen from now on."""
    with connection.transaction():
        _see(connection, projections)
        row = connection.execute(STATEMENTS["newest"]).fetchone()
    return row == (version_of(projections),)


def make_newest(connection: Connection, projections: Sequence[Projection]) -> None:
    """Let this version come after all others, whenever it was first seen."""
    with connection.transaction():
        _see(connection, projections)
        row = connection.execute(STATEMENTS["newest"]).fetchone()
        if row != (version_of(projections),):
            version = {"definition": version_of(projections)}
            connection.execute(STATEMENTS["forget"], version)
            connection.execute(STATEMENTS["see"], version)


def _see(connection: Connection, projections: Sequence[Projection]) -> None:
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
    connection.execute(STATEMENTS["prepare"])
    connection.execute(STATEMENTS["see"], {"definition": version_of(projections)})
