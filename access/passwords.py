"""Passwords: how strong they are, and their argon2id hashes."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from secrets import choice, token_urlsafe
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from domain.kernel.refusal import Refused

# OWASP, Password Storage: 19 MiB, two passes, one thread.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE_MAX = 4
CHARACTERS_MIN = 10
CHARACTERS_MAX = 128
KINDS_MIN = 3
LOGIN_CHARACTERS_MIN = 3  # a shorter one is in many passwords by chance
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
VALID_FOR = timedelta(days=90)
KINDS: tuple[Callable[[str], bool], ...] = (
    str.islower,
    str.isupper,
    str.isdigit,
    lambda character: not character.isalnum(),
)


class Passwords:
    """Hashes passwords and compares them, only a few at once: each takes 19 MiB."""

    def __init__(self, hasher: PasswordHasher = HASHER) -> None:
        self._hasher = hasher
        self._turn = BoundedSemaphore(AT_ONCE_MAX)

    def hashed(self, password: str) -> str:
        """The hash to keep, with its parameters and salt."""
        with self._turn:
            return self._hasher.hash(_normal(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password; without an account, the same work for nothing."""
        nobodys = self._nobodys
        with self._turn:
            try:
                self._hasher.verify(kept or nobodys, _normal(password))
            except VerifyMismatchError:
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash has other parameters than a new one."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(token_urlsafe())


PASSWORDS = Passwords()


def require_strong(password: str, login: str) -> None:
    """Refused for a password that is short, of few kinds of characters, or contains the login."""
    if not CHARACTERS_MIN <= len(password) <= CHARACTERS_MAX:
        raise Refused(
            "password.length", characters_min=CHARACTERS_MIN, characters_max=CHARACTERS_MAX
        )
    # Chinese characters, of which there are thousands, are of no kind and need no other.
    letters = [each for each in password if each.isascii()]
    kinds = sum(any(map(of_kind, letters)) for of_kind in KINDS)
    if len(letters) == len(password) and kinds < KINDS_MIN:
        raise Refused("password.too-plain", kinds_min=KINDS_MIN)
    if len(login) >= LOGIN_CHARACTERS_MIN and login in password.casefold():
        raise Refused("password.has-login")


def initial() -> str:
    """A password to begin with, in groups that can be read out: 79 random bits."""
    groups = ["".join(choice(LEGIBLE) for _ in range(4)) for _ in range(4)]
    return "-".join(("A", *groups))


def _normal(password: str) -> str:
    """One form, however a keyboard composes the characters (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
