"""Who may do what in the database: the four logins, and the roles that give them their rights."""

from pathlib import Path
from typing import NamedTuple, Self

from psycopg import Connection


class Logins(NamedTuple):
    """The urls of one database under its four logins.

    The owner migrates and restores, the server appends, the worker writes the read models, the
    auditor only reads.
    """

    owner: str
    server: str
    worker: str
    auditor: str

    @classmethod
    def one(cls, url: str) -> Self:
        """The same login for everything."""
        return cls(url, url, url, url)


def settle_rights(connection: Connection) -> None:
    """Make the roles if this login may, and give them their rights on what there is."""
    text = Path(__file__).with_name("roles.sql").read_text(encoding="utf-8")
    connection.execute(text.encode())
