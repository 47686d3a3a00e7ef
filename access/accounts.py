"""Local accounts: who may sign in under which login, with which password."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from access.kernel import Database
from access.passwords import PASSWORDS, VALID_FOR, Passwords, require_strong
from domain.kernel.refusal import NotOnRecord, Refused
from record.sql import statements

SQL = statements(__file__)


class Account(NamedTuple):
    """An account. From `password_due_at` on, its person has to choose another password."""

    person: str
    login: str
    password_due_at: datetime
    closed_at: datetime | None
    second_factor: bool


class Credentials(NamedTuple):
    """What a sign-in is compared with."""

    person: str
    login: str
    password: str


class Opening(NamedTuple):
    """An account to be opened, with its first password."""

    person: str
    login: str
    password: str


class Accounts:
    """All accounts."""

    def __init__(self, database: Database, passwords: Passwords = PASSWORDS) -> None:
        self._database = database
        self._passwords = passwords

    def add(self, *, person: str, login: str, password: str) -> Account:
        """Open an account whose password its person has to change; Refused if the person has one,
        or the login is taken."""
        (account,) = self.add_all([Opening(person, login, password)])
        return account

    def add_all(self, asked: Sequence[Opening]) -> list[Account]:
        """Open several accounts: all of them or, Refused, none."""
        openings = [each._replace(login=plain(each.login)) for each in asked]
        for each in openings:
            require_strong(each.password, each.login)
        named = {
            "persons": [each.person for each in openings],
            "logins": [each.login for each in openings],
        }
        hashes = [self._passwords.hashed(each.password) for each in openings]
        added = self._database.rows(SQL["add"], **named, passwords=hashes)
        if len(added) < len(openings):
            taken = self._database.row(SQL["taken"], **named) or {}
            raise Refused("account.there-already", **taken)
        return [self.account(each.person) for each in openings]

    def account(self, person: str) -> Account:
        """The account of a person; NotOnRecord if there is none."""
        row = self._database.row(SQL["one"], person=person)
        if row is None:
            raise NotOnRecord("account.not-there", person=person)
        return Account(**row)

    def all(self) -> list[Account]:
        """All accounts, by login."""
        return [Account(**row) for row in self._database.rows(SQL["all"])]

    def credentials(self, login: str) -> Credentials | None:
        """What belongs to a login, if it is that of an open account."""
        row = self._database.row(SQL["credentials"], login=plain(login))
        return Credentials(**row) if row else None

    def close(self, person: str) -> None:
        """End the account with its sessions and keys, at once."""
        self.account(person)
        self._database.rows(
            SQL["end_sessions"],
            SQL["forget_devices"],
            SQL["revoke_keys"],
            SQL["close"],
            person=person,
        )

    def reopen(self, person: str) -> None:
        """Open a closed account again. Its keys stay revoked."""
        self.account(person)
        self._database.rows(SQL["reopen"], person=person)

    def set_password(self, person: str, password: str) -> None:
        """A password from somebody else, to be changed at once. Ends the person's sessions, and no
        browser of theirs is known any more."""
        require_strong(password, self.account(person).login)
        self._keep(person, password, due_at=self._database.clock())

    def choose_password(self, known: Credentials, password: str) -> None:
        """A password of the person's own. Ends all of their sessions."""
        if self._passwords.matches(password, known.password):
            raise Refused("password.unchanged")
        require_strong(password, known.login)
        self._keep(known.person, password, due_at=self._database.clock() + VALID_FOR)

    def rehash(self, known: Credentials, password: str) -> None:
        """Keep a password that just matched under newer parameters, if there are any."""
        if self._passwords.is_outdated(known.password):
            hashed = self._passwords.hashed(password)
            self._database.rows(SQL["rehash"], person=known.person, password=hashed)

    def _keep(self, person: str, password: str, *, due_at: datetime) -> None:
        self._database.rows(
            SQL["end_sessions"],
            SQL["forget_devices"],
            SQL["keep"],
            person=person,
            password=self._passwords.hashed(password),
            due_at=due_at,
        )


def plain(login: str) -> str:
    """A login as it is compared."""
    return login.strip().casefold()
