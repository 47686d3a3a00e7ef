"""Browsers in which somebody has signed in before. To be known opens nothing: it only means that
what strangers try under the same login does not lock its person out there."""

from datetime import timedelta
from secrets import token_urlsafe

from access.kernel import Database, digest_of
from record.sql import statements

SQL = statements(__file__)
TOKEN_BYTES = 32
KNOWN_FOR = timedelta(days=180)
KNOWN_MAX = 10


class Devices:
    """The browsers of all people. Only the digest of a cookie's token is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def knows(self, device: str, person: str) -> bool:
        """Whether this person has signed in there."""
        since = self._database.clock() - KNOWN_FOR
        found = self._database.row(
            SQL["knows"], digest=digest_of(device), person=person, since=since
        )
        return found is not None

    def remember(self, person: str, before: str | None) -> str:
        """A new token for a browser in which this person has just signed in. It takes the place of
        the one `before`, so that none that was planted there is known."""
        token = token_urlsafe(TOKEN_BYTES)
        self._database.rows(
            SQL["renew"],
            SQL["remember"],
            SQL["forget"],
            digest=digest_of(token),
            before=digest_of(before or token),
            person=person,
            since=self._database.clock() - KNOWN_FOR,
            known_max=KNOWN_MAX,
        )
        return token
