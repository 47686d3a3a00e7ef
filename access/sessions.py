"""Sessions: what a browser's cookie stands for. Only the digest of its token is kept."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import NamedTuple

from access.kernel import Database, digest_of
from access.refusing import NotSignedIn
from domain.kernel.ids import derive_id
from domain.kernel.refusal import NotOnRecord
from record.sql import statements

SQL = statements(__file__)
TOKEN_BYTES = 32
IDLE_MAX = timedelta(minutes=30)
LASTS_MAX = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
TEXT_MAX = 200


class Session(NamedTuple):
    """One signed-in browser. `password_due`: the person has to change the password first, which
    they did not need if they came through a provider."""

    session: str
    person: str
    login: str
    began_at: datetime
    last_seen_at: datetime
    ends_at: datetime
    address: str | None
    agent: str | None
    password_due: bool
    grant: str | None  # under which its person has chosen to act
    issuer: str | None  # the provider through which it began


class Sessions:
    """All sessions that have not ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, person: str, *, address: str | None, agent: str | None, issuer: str | None = None
    ) -> str:
        """Begin a session; its token, which is kept nowhere."""
        token = token_urlsafe(TOKEN_BYTES)
        now = self._database.clock()
        self._database.rows(
            SQL["forget_ended"],
            SQL["begin"],
            session=derive_id("session", token),
            digest=digest_of(token),
            person=person,
            ends_at=now + LASTS_MAX,
            address=address,
            agent=agent and agent[:TEXT_MAX],
            issuer=issuer,
            idle_since=now - IDLE_MAX,
        )
        return token

    def find(self, token: str) -> Session:
        """The session of a token, used just now; NotSignedIn if it has ended or never was."""
        now = self._database.clock()
        row = self._database.row(SQL["find"], digest=digest_of(token), idle_since=now - IDLE_MAX)
        if row is None:
            raise NotSignedIn("session.ended")
        session = Session(**row)
        if session.last_seen_at <= now - SEEN_EVERY:
            self._database.rows(SQL["seen"], session=session.session)
        return session

    def of(self, person: str) -> list[Session]:
        """The sessions of a person, newest first."""
        idle_since = self._database.clock() - IDLE_MAX
        rows = self._database.rows(SQL["of"], person=person, idle_since=idle_since)
        return [Session(**row) for row in rows]

    def choose(self, session: str, grant: str) -> None:
        """From now on its person acts under this grant, unless a request names another."""
        self._database.rows(SQL["choose"], session=session, grant=grant)

    def end(self, person: str, session: str) -> None:
        """End one session of a person; NotOnRecord if there is none."""
        if self._database.row(SQL["end"], person=person, session=session) is None:
            raise NotOnRecord("session.not-there", session=session)

    def forget(self, token: str) -> None:
        """End the session of a token, if there is one."""
        self._database.rows(SQL["forget_token"], digest=digest_of(token))
