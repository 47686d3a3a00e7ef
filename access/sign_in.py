"""Signing in: login, password, and a code where there is a second factor.

Nobody learns which logins there are: an unknown one takes the same time, is locked in the same way
and gets the same answer.
"""

from datetime import timedelta
from math import ceil

from access.accounts import Accounts, Credentials, plain
from access.kernel import Database, digest_of
from access.passwords import PASSWORDS, Passwords
from access.refusing import LockedOut, NotSignedIn
from access.second_factor import SecondFactors
from record.sql import statements

SQL = statements(__file__)
FAILED_MAX = 5
LOCKED_FIRST = timedelta(minutes=1)  # doubled by each further failure
LOCKED_MAX = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)


class SignIn:
    """Checks who somebody is."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        second_factors: SecondFactors,
        passwords: Passwords = PASSWORDS,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._second_factors = second_factors
        self._passwords = passwords

    def check(self, login: str, password: str, code: str | None = None) -> str:
        """The person who signs in. Raises NotSignedIn, or LockedOut after five failures.

        The attempt counts before anything is compared, so that many at once get no further.
        """
        known = self._proven(login, password)
        if self._second_factors.needed(known.person):
            if not code:
                raise NotSignedIn("sign-in.code-needed")
            if not self._second_factors.matches(known.person, code):
                raise NotSignedIn("sign-in.refused")
        self._forget(login)
        self._accounts.rehash(known, password)
        return known.person

    def change_password(self, login: str, *, old: str, new: str) -> None:
        """A password of the person's own, and the end of all their sessions. Raises NotSignedIn if
        the old one is wrong, LockedOut as above."""
        known = self._proven(login, old)
        self._forget(login)
        self._accounts.choose_password(known, new)

    def _proven(self, login: str, password: str) -> Credentials:
        self._count(login)
        known = self._accounts.credentials(login)
        if not self._passwords.matches(password, known.password if known else None):
            raise NotSignedIn("sign-in.refused")
        assert known is not None, "only the password of an account matches"
        return known

    def _forget(self, login: str) -> None:
        self._database.rows(SQL["succeeded"], login_digest=_digest(login))

    def _count(self, login: str) -> None:
        row = self._database.row(
            SQL["forget"],
            SQL["count"],
            login_digest=_digest(login),
            failed_max=FAILED_MAX,
            locked_first=LOCKED_FIRST,
            locked_max=LOCKED_MAX,
            forgotten_before=self._database.clock() - FORGOTTEN_AFTER,
        )
        if row is None:
            locked = self._database.row(SQL["locked"], login_digest=_digest(login))
            seconds: int = locked["seconds"] if locked else 1
            raise LockedOut("sign-in.locked", seconds=seconds, minutes=ceil(seconds / 60))


def _digest(login: str) -> bytes:
    return digest_of(plain(login))
