"""Signing in through a provider: a browser goes there with a state that only it can bring back."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple

from access.kernel import Database, digest_of
from access.openid.identities import Identities
from access.openid.provider import Provider
from access.refusing import NotSignedIn
from domain.kernel.refusal import NotOnRecord
from record.sql import statements

SQL = statements(__file__)
RANDOM_BYTES = 32
LASTS_MAX = timedelta(minutes=10)
CODE_CHARACTERS_MAX = 4_096
TYPED_MAX = 200  # texts that are kept for those who are at the provider


class Begun(NamedTuple):
    """Where a browser goes, and the token that it keeps meanwhile."""

    address: str
    token: str


class Answer(NamedTuple):
    """With what a browser comes back: all of it is the word of whoever sent it."""

    state: str
    code: str
    error: str
    issuer: str | None


class Recognised(NamedTuple):
    """Who came back, where they wanted to go, and what they had typed there."""

    person: str
    issuer: str
    subject: str
    next: str
    typed: str


class OpenidSignIn:
    """Signing in through the one provider that is configured, if there is one."""

    def __init__(
        self, database: Database, identities: Identities, provider: Provider | None
    ) -> None:
        self._database = database
        self._identities = identities
        self._provider = provider

    @property
    def provider(self) -> Provider:
        """The provider; NotOnRecord without one."""
        if self._provider is None:
            raise NotOnRecord("openid.not-configured")
        return self._provider

    @property
    def is_configured(self) -> bool:
        """Whether there is a provider."""
        return self._provider is not None

    def begin(self, next: str, typed: str = "") -> Begun:
        """Begin to sign in, to go on at `next` afterwards, with what was typed there. Raises
        ProviderAway."""
        state, token, nonce, verifier = (token_urlsafe(RANDOM_BYTES) for _ in range(4))
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        address = self.provider.address(state=state, nonce=nonce, challenge=challenge)
        self._database.rows(
            SQL["forget"],
            SQL["begin"],
            *((SQL["bound"],) if typed else ()),
            state_digest=digest_of(state),
            token_digest=digest_of(token),
            nonce=nonce,
            verifier=verifier,
            next=next,
            typed=typed,
            most=TYPED_MAX,
            ends_at=self._database.clock() + LASTS_MAX,
        )
        return Begun(address, token)

    def complete(self, token: str | None, answer: Answer) -> Recognised:
        """Who came back. Each state is good once, for ten minutes, and in the browser that has its
        token. Raises NotSignedIn, also for somebody who is not linked, or ProviderAway."""
        provider = self.provider
        begun = self._database.row(
            SQL["take"],
            state_digest=digest_of(answer.state),
            token_digest=digest_of(token or ""),
        )
        if begun is None:
            raise NotSignedIn("openid.not-begun-here")
        provider.require_itself(answer.issuer)
        if answer.error or not 0 < len(answer.code) <= CODE_CHARACTERS_MAX:
            raise NotSignedIn("openid.not-granted")
        id_token = provider.redeem(answer.code, begun["verifier"])
        now = self._database.clock().timestamp()
        claims = provider.claims(id_token, nonce=begun["nonce"], now=now)
        client = provider.client
        person = self._identities.person(client.issuer, claims, client.claim)
        return Recognised(person, client.issuer, claims["sub"], begun["next"], begun["typed"])
