"""Keys for programs: `annals_<8 hex>_<secret>`. A key acts as a person under one grant."""

import re
from datetime import datetime, timedelta
from hmac import compare_digest
from secrets import token_hex, token_urlsafe
from typing import NamedTuple

from access.kernel import Database, digest_of
from access.refusing import NotSignedIn
from domain.kernel.refusal import NotAuthorised, NotOnRecord, Refused
from record.sql import statements

SQL = statements(__file__)
KEY = re.compile(r"annals_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
SECRET_BYTES = 32
LASTS_MAX = timedelta(days=366)
OVERLAP = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
IN_FORCE_MAX = 20
# An operation of the API, or all of a subject: `tasks.list`, `tasks.*`.
OPERATION_PATTERN = r"^[a-z]+\.([a-z]+(-[a-z]+)*|\*)$"


class Key(NamedTuple):
    """A key, without its secret."""

    prefix: str
    title: str
    person: str
    grant: str
    operations: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    seen_anew: bool = False  # just used, for the first time in a minute

    def require_operation(self, operation: str) -> None:
        """NotAuthorised unless the key is for this operation of the API."""
        every = f"{operation.partition('.')[0]}.*"
        if not {operation, every} & {*self.operations}:
            raise NotAuthorised("key.not-for-operation", key=self.prefix, operation=operation)


class NewKey(NamedTuple):
    """A key with its text, which is shown once and kept nowhere."""

    key: Key
    text: str


def named_in(text: str) -> str | None:
    """Which key a text claims to be, if it looks like one."""
    shape = KEY.fullmatch(text)
    return shape[1] if shape else None


class Keys:
    """All keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        *,
        person: str,
        grant: str,
        title: str,
        operations: tuple[str, ...],
        lasts: timedelta,
        by: str,
    ) -> NewKey:
        """A new key of this person; Refused beyond a year, or for too many."""
        now = self._database.clock()
        if not timedelta() < lasts <= LASTS_MAX:
            raise Refused("key.lasts-too-long", days_max=LASTS_MAX.days)
        in_force = [each for each in self.of(person) if _holds(each, now)]
        if len(in_force) >= IN_FORCE_MAX:
            raise Refused("key.too-many", keys_max=IN_FORCE_MAX)
        prefix = token_hex(4)
        text = f"annals_{prefix}_{token_urlsafe(SECRET_BYTES)}"
        self._database.rows(
            SQL["create"],
            prefix=prefix,
            digest=digest_of(text),
            title=title,
            person=person,
            grant=grant,
            operations=list(operations),
            by=by,
            expires_at=now + lasts,
        )
        return NewKey(self.key(person, prefix), text)

    def rotate(self, person: str, prefix: str, *, by: str) -> NewKey:
        """Another key for the same, and for as long; the old one works for a week more at most."""
        old, now = self.key(person, prefix), self._database.clock()
        if not _holds(old, now):
            raise Refused("key.ended-already", key=prefix)
        new = self.create(
            person=person,
            grant=old.grant,
            title=old.title,
            operations=old.operations,
            lasts=old.expires_at - old.created_at,
            by=by,
        )
        self._database.rows(SQL["shorten"], prefix=prefix, until=now + OVERLAP)
        return new

    def revoke(self, person: str, prefix: str) -> None:
        """End a key at once; Refused if it was revoked before."""
        self.key(person, prefix)
        if self._database.row(SQL["revoke"], prefix=prefix) is None:
            raise Refused("key.ended-already", key=prefix)

    def key(self, person: str, prefix: str) -> Key:
        """One key of a person; NotOnRecord if there is none."""
        for each in self.of(person):
            if each.prefix == prefix:
                return each
        raise NotOnRecord("key.not-there", key=prefix)

    def of(self, person: str | None = None) -> list[Key]:
        """The keys of a person, or of all, oldest first, revoked ones with them."""
        return [_key(row) for row in self._database.rows(SQL["of"], person=person)]

    def find(self, text: str) -> Key:
        """The key with this text, used just now; NotSignedIn if there is none in force."""
        prefix = named_in(text)
        row = self._database.row(SQL["find"], prefix=prefix) if prefix else None
        if row is None or not compare_digest(row.pop("digest"), digest_of(text)):
            raise NotSignedIn("key.not-in-force")
        key, now = _key(row), self._database.clock()
        if not _holds(key, now):
            raise NotSignedIn("key.not-in-force")
        if key.last_used_at is None or key.last_used_at <= now - SEEN_EVERY:
            self._database.rows(SQL["used"], prefix=key.prefix)
            return key._replace(seen_anew=True)
        return key


def _holds(key: Key, now: datetime) -> bool:
    return key.revoked_at is None and key.expires_at > now


def _key(row: dict[str, object]) -> Key:
    return Key(**{**row, "operations": tuple(row["operations"])})  # type: ignore[arg-type]
