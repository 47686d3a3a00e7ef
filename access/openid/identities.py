"""Which account somebody of a provider has here: linked by a steward, never guessed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from access.kernel import Database
from access.refusing import NotSignedIn
from domain.kernel.refusal import NotOnRecord, Refused
from record.sql import statements

SQL = statements(__file__)


class Identity(NamedTuple):
    """An account's person at a provider: by subject, or, until the first sign-in, by the value
    that the configured claim will have."""

    person: str
    issuer: str
    subject: str | None
    expected: str | None
    linked_at: datetime
    linked_by: str


class Identities:
    """All links between accounts and providers. A person has one at each provider."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def link(
        self, person: str, *, issuer: str, subject: str | None, expected: str | None, by: str
    ) -> None:
        """Link an account, in place of what it was linked to there, whose sessions end; Refused if
        the subject or the expected value is somebody else's."""
        row = self._database.row(
            SQL["end_sessions"],
            SQL["link"],
            person=person,
            issuer=issuer,
            subject=subject,
            expected=expected,
            by=by,
        )
        if row is None:
            raise Refused("openid.linked-already", named=subject or expected, issuer=issuer)

    def unlink(self, person: str, *, issuer: str) -> None:
        """Nobody at this provider is this person any more: their sessions from there end."""
        row = self._database.row(SQL["end_sessions"], SQL["unlink"], person=person, issuer=issuer)
        if row is None:
            raise NotOnRecord("openid.no-link", person=person, issuer=issuer)

    def of(self, person: str) -> list[Identity]:
        """The links of a person."""
        return [Identity(**row) for row in self._database.rows(SQL["of"], person=person)]

    def person(self, issuer: str, claims: Mapping[str, Any], claim: str | None) -> str:
        """Who somebody with these claims is here. NotSignedIn if nobody has linked them, or if
        the account is closed."""
        subject = claims["sub"]
        row = self._database.row(SQL["find"], issuer=issuer, subject=subject)
        if row is None and claim and (value := _value(claims, claim)):
            row = self._database.row(SQL["take"], issuer=issuer, subject=subject, expected=value)
        if row is None:
            raise NotSignedIn("openid.not-linked", subject=subject, issuer=issuer)
        if row["closed_at"]:
            raise NotSignedIn("openid.account-closed", person=row["person"])
        return str(row["person"])


def _value(claims: Mapping[str, Any], claim: str) -> str | None:
    """The value of a claim; an address of mail counts if the provider has verified it."""
    if claim == "email" and claims.get("email_verified") is not True:
        return None
    value = claims.get(claim)
    return value if isinstance(value, str) and value else None
