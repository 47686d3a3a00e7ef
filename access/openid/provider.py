"""A provider of OpenID Connect: where it is, its keys, and what it answers for a code.

What it publishes is fetched when it is needed and kept for a while. While it cannot be had, it is
asked again after a pause only, and nothing but signing in through it waits for that.
"""

import logging
import time
from collections.abc import Mapping
from threading import Lock, Thread
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from joserfc.jwk import KeySet

from access.openid.fetching import Unusable, fetched, is_safe, posted
from access.openid.id_token import TokenRefused, UnknownKey, claims_of, key_set
from access.refusing import NotSignedIn, ProviderAway
from domain.kernel.refusal import Stopped

log = logging.getLogger("annals.openid")

CALLBACK = "/sign-in/openid/callback"
AFTER_SIGN_OUT = "/sign-in"
METADATA_SECONDS_MAX = 86_400.0
KEYS_SECONDS_MAX = 3_600.0
PAUSE_SECONDS = 30.0  # after a failure
SOUGHT_PAUSE_SECONDS = 60.0  # between two fetches for the sake of an unknown key
SECRET_BYTES_MIN = 16
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
TOLD_TO_US = ("client_secret_basic", "client_secret_post")


class Client(NamedTuple):
    """What we are to a provider. `base` is our own address; `claim` is the one by which a steward
    may name somebody whose subject is not known yet."""

    issuer: str
    client_id: str
    secret: str
    base: str
    claim: str | None = None

    def require_sound(self) -> None:
        """Stopped if an address is unusable or the secret is too short."""
        for address in (self.issuer, self.base):
            parts = urlsplit(address)
            if not is_safe(address) or parts.query or parts.fragment:
                raise Stopped("openid.address-unfit", address=address)
        if len(self.secret.encode()) < SECRET_BYTES_MIN:
            raise Stopped("openid.secret-short", bytes_min=SECRET_BYTES_MIN)

    @property
    def callback(self) -> str:
        """Where the provider sends a browser back to."""
        return self.base.rstrip("/") + CALLBACK


class Metadata(NamedTuple):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    in_header: bool  # how the token endpoint takes the client's secret
    names_itself: bool  # in each answer to a browser (RFC 9207)


class Provider:
    """One provider, as one of its clients."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._turn = Lock()
        self._metadata: Metadata | None = None
        self._metadata_at: float | None = None
        self._keys = KeySet([])
        self._keys_at: float | None = None
        self._sought_at: float | None = None
        self._away: ProviderAway | None = None
        self._away_at = 0.0

    @property
    def away(self) -> ProviderAway | None:
        """Why it cannot be used, as far as we know."""
        return self._away

    def look_up_soon(self) -> None:
        """Look it up without waiting: a server begins without its provider, too."""
        Thread(target=self._look_up, name="openid", daemon=True).start()

    def _look_up(self) -> None:
        try:
            self.metadata()
        except ProviderAway as away:
            log.warning("%s", away)

    def metadata(self) -> Metadata:
        """Where it is; raises ProviderAway."""
        with self._turn:
            now = time.monotonic()
            if self._metadata is None or _is_past(self._metadata_at, METADATA_SECONDS_MAX, now):
                address = f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._metadata = self._read(self._fetched(address))
                self._metadata_at = now
            return self._metadata

    def address(self, *, state: str, nonce: str, challenge: str) -> str:
        """Where a browser begins to sign in there; raises ProviderAway."""
        asked = {
            "response_type": "code",
            "client_id": self.client.client_id,
            "redirect_uri": self.client.callback,
            "scope": "openid profile email" if self.client.claim else "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _with_query(self.metadata().authorization_endpoint, asked)

    def address_to_leave(self) -> str | None:
        """Where a browser signs out there (RP-Initiated Logout 1.0), if it can be done."""
        there = self.metadata().end_session_endpoint
        if there is None:
            return None
        after = self.client.base.rstrip("/") + AFTER_SIGN_OUT
        asked = {"client_id": self.client.client_id, "post_logout_redirect_uri": after}
        return _with_query(there, asked)

    def require_itself(self, issuer: str | None) -> None:
        """NotSignedIn if an answer names another issuer, or none where it has to (RFC 9207)."""
        if issuer == self.client.issuer or (issuer is None and not self.metadata().names_itself):
            return
        raise NotSignedIn("openid.other-provider")

    def redeem(self, code: str, verifier: str) -> str:
        """The ID token for a code; NotSignedIn if it gives none, or ProviderAway."""
        metadata = self.metadata()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.callback,
            "code_verifier": verifier,
        }
        try:
            answer = posted(
                metadata.token_endpoint,
                fields,
                client=self.client.client_id,
                secret=self.client.secret,
                in_header=metadata.in_header,
            )
        except Unusable as problem:
            log.warning("no token from %s: %s", self.client.issuer, problem)
            raise NotSignedIn("openid.code-refused") from None
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn("openid.code-refused")
        return token

    def claims(self, token: str, *, nonce: str, now: float) -> dict[str, Any]:
        """What an ID token says; NotSignedIn unless it is this provider's, for us, and now."""
        try:
            try:
                return self._claims(token, self._key_set(), nonce, now)
            except UnknownKey:
                return self._claims(token, self._key_set(sought=True), nonce, now)
        except TokenRefused as problem:
            log.warning("an ID token of %s does not hold: %s", self.client.issuer, problem)
            raise NotSignedIn("openid.token-refused") from None

    def _claims(self, token: str, keys: KeySet, nonce: str, now: float) -> dict[str, Any]:
        of = self.client
        return claims_of(token, keys, issuer=of.issuer, client=of.client_id, nonce=nonce, now=now)

    def _key_set(self, *, sought: bool = False) -> KeySet:
        """Its keys: fetched again when they are old, or when one is `sought` that is not among
        them. Whoever sends tokens with invented keys does not make us fetch for each."""
        address = self.metadata().jwks_uri
        with self._turn:
            now = time.monotonic()
            if _is_past(self._keys_at, KEYS_SECONDS_MAX, now) or (
                sought and _is_past(self._sought_at, SOUGHT_PAUSE_SECONDS, now)
            ):
                self._keys, self._keys_at = key_set(self._fetched(address)), now
                self._sought_at = now if sought else self._sought_at
            return self._keys

    def _fetched(self, address: str) -> Mapping[str, Any]:
        if self._away and time.monotonic() - self._away_at < PAUSE_SECONDS:
            raise self._away
        try:
            found = fetched(address)
        except Unusable as problem:
            raise self._found_away(
                ProviderAway("openid.unreachable", issuer=self.client.issuer, said=str(problem))
            ) from None
        self._away = None
        return found

    def _read(self, found: Mapping[str, Any]) -> Metadata:
        unfit = [name for name in NEEDED if not is_safe(found.get(name))]
        if found.get("issuer") != self.client.issuer:
            unfit.append("issuer")
        ways = found.get("token_endpoint_auth_methods_supported", TOLD_TO_US)
        if not {*TOLD_TO_US} & {*ways}:
            unfit.append("token_endpoint_auth_methods_supported")
        if unfit:
            raise self._found_away(
                ProviderAway("openid.unfit", issuer=self.client.issuer, members=unfit)
            )
        end = found.get("end_session_endpoint")
        return Metadata(
            authorization_endpoint=found["authorization_endpoint"],
            token_endpoint=found["token_endpoint"],
            jwks_uri=found["jwks_uri"],
            end_session_endpoint=end if is_safe(end) else None,
            in_header="client_secret_basic" in ways,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _found_away(self, away: ProviderAway) -> ProviderAway:
        self._away, self._away_at = away, time.monotonic()
        return away


def _is_past(at: float | None, seconds: float, now: float) -> bool:
    return at is None or now - at > seconds


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"
