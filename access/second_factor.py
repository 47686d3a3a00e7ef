"""The second factor: time-based one-time codes (RFC 6238), and recovery codes for a lost device.

The secret of a device is kept sealed, recovery codes as digests: the database alone gives no code.
"""

from base64 import b32encode
from hmac import compare_digest
from secrets import token_bytes
from typing import NamedTuple

import pyotp

from access.kernel import Database, digest_of
from access.sealing import Seal
from domain.kernel.refusal import Refused, Stopped
from record.sql import statements

SQL = statements(__file__)
ISSUER = "Annals"
STEP_SECONDS = 30
STEPS_APART_MAX = 1  # between the clocks of the device and the server
RECOVERY_CODES = 10
RECOVERY_BYTES = 10


class Enrolment(NamedTuple):
    """A secret for an authenticator app, shown once, and its address for a QR code."""

    secret: str
    address: str


class SecondFactors:
    """The second factors of all people. One counts from its confirmation on."""

    def __init__(self, database: Database, seal: Seal | None = None) -> None:
        self._database = database
        self._seal = seal

    def enrol(self, person: str, login: str) -> Enrolment:
        """A new secret, to be confirmed by a code; Refused if one is confirmed already, or the
        server has no keys to seal it with."""
        if self._seal is None:
            raise Refused("second-factor.no-keys")
        secret = pyotp.random_base32()
        sealed = self._seal.sealed(secret, of=person)
        if self._database.row(SQL["enrol"], person=person, secret=sealed) is None:
            raise Refused("second-factor.there-already")
        return Enrolment(
            secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
        )

    def confirm(self, person: str, code: str) -> list[str]:
        """From now on a code is needed. Returns the recovery codes, which are shown once."""
        row = self._database.row(SQL["one"], person=person)
        if row is None or row["confirmed_at"]:
            raise Refused("second-factor.not-begun")
        if not self._accepts(person, row["secret"], code):
            raise Refused("second-factor.wrong-code")
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        self._database.rows(
            SQL["forget_codes"],
            SQL["keep_codes"],
            SQL["confirm"],
            person=person,
            digests=[digest_of(each) for each in codes],
        )
        return codes

    def remove(self, person: str) -> None:
        """Ask this person for no code any more."""
        self._database.rows(SQL["forget_codes"], SQL["remove"], person=person)

    def needed(self, person: str) -> bool:
        """Whether this person gives a code to sign in."""
        row = self._database.row(SQL["one"], person=person)
        return row is not None and row["confirmed_at"] is not None

    def matches(self, person: str, code: str) -> bool:
        """Whether it is the code of this moment, or a recovery code. Each works once."""
        row = self._database.row(SQL["one"], person=person)
        if row is None or not row["confirmed_at"]:
            return False
        return self._accepts(person, row["secret"], code) or self._recovers(person, code)

    def seal_again(self) -> None:
        """Seal every secret with the newest key, so that older ones can be taken away. Stopped if
        the key of any is not here.

        A secret of an earlier version is not sealed at all.
        """
        lost = 0
        for row in self._database.rows(SQL["all"]):
            person, kept = row["person"], row["secret"]
            secret = self._opened(person, kept) if "." in kept else kept
            if self._seal is None or secret is None:
                lost += 1
            else:
                sealed = self._seal.sealed(secret, of=person)
                self._database.rows(SQL["reseal"], person=person, before=kept, sealed=sealed)
        if lost:
            raise Stopped("second-factor.keys-lost", count=lost)

    def _opened(self, person: str, kept: str) -> str | None:
        return self._seal.opened(kept, of=person) if self._seal else None

    def _accepts(self, person: str, kept: str, code: str) -> bool:
        secret = self._opened(person, kept)
        if secret is None:
            return False
        totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
        now = int(self._database.clock().timestamp()) // STEP_SECONDS
        near = range(now - STEPS_APART_MAX, now + STEPS_APART_MAX + 1)
        given = code.replace(" ", "").encode()
        same = [each for each in near if compare_digest(totp.generate_otp(each).encode(), given)]
        return any(self._database.row(SQL["use"], person=person, step=each) for each in same)

    def _recovers(self, person: str, code: str) -> bool:
        digest = digest_of(code.strip().lower())
        return self._database.row(SQL["recover"], person=person, digest=digest) is not None


def _recovery_code() -> str:
    """80 random bits, in four groups of four."""
    text = b32encode(token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
