"""Signing in: login, password, and a code where there is a second factor.

Nobody learns which logins there are: an unknown one costs the same work, is locked in the same way
and gets the same answer.
"""

from typing import NamedTuple

from access.accounts import Accounts, Credentials, plain
from access.attempts import Attempts, Counted, from_anywhere, on_device
from access.devices import Devices
from access.kernel import Database
from access.passwords import PASSWORDS, Passwords
from access.refusing import NotSignedIn
from access.second_factor import SecondFactors


class Source(NamedTuple):
    """From where somebody signs in: the address, and what the browser is known by; neither, on the
    machine itself."""

    address: str | None = None
    device: str | None = None


HERE = Source()


class SignIn:
    """Checks who somebody is."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        second_factors: SecondFactors,
        passwords: Passwords = PASSWORDS,
    ) -> None:
        self._accounts = accounts
        self._second_factors = second_factors
        self._passwords = passwords
        self._attempts = Attempts(database)
        self._devices = Devices(database)

    def check(
        self, login: str, password: str, code: str | None = None, *, source: Source = HERE
    ) -> str:
        """The person who signs in. Raises NotSignedIn, or LockedOut after too many failures."""
        known, counted = self._proven(login, password, source)
        if self._second_factors.needed(known.person):
            if not code:
                self._attempts.take_back(counted)
                raise NotSignedIn("sign-in.code-needed")
            if not self._second_factors.matches(known.person, code):
                raise NotSignedIn("sign-in.refused")
        self._attempts.succeeded(counted)
        self._accounts.rehash(known, password)
        return known.person

    def change_password(self, login: str, *, old: str, new: str, source: Source = HERE) -> None:
        """A password of the person's own, and the end of all their sessions. Raises NotSignedIn if
        the old one is wrong, LockedOut as above."""
        known, counted = self._proven(login, old, source)
        self._attempts.succeeded(counted)
        self._accounts.choose_password(known, new)

    def _proven(
        self, login: str, password: str, source: Source
    ) -> tuple[Credentials, tuple[Counted, ...]]:
        """Whose password it is, and by what the attempt was counted."""
        known = self._accounts.credentials(login)
        device = source.device
        if known and device and self._devices.knows(device, known.person):
            counted = on_device(known.login, device)
        else:
            counted = from_anywhere(plain(login), source.address)
        self._attempts.count(counted)
        if not self._passwords.matches(password, known.password if known else None):
            raise NotSignedIn("sign-in.refused")
        assert known is not None, "only the password of an account matches"
        return known, counted
