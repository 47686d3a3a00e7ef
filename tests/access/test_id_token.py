"""ID tokens that do not hold: forged, expired, somebody else's, or of another sign-in."""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from access.openid.id_token import TokenRefused, UnknownKey, claims_of, key_set

ISSUER, CLIENT, NONCE, NOW = "https://id.example", "annals", "the nonce", 1_720_000_000
KEY = RSAKey.generate_key(2048, {"kid": "a"})
OTHER = RSAKey.generate_key(2048, {"kid": "a"})
CURVE = ECKey.generate_key("P-256", {"kid": "b"})
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "248",
    "exp": NOW + 300,
    "iat": NOW,
    "nonce": NONCE,
}
PUBLISHED = {"keys": [KEY.as_dict(private=False), CURVE.as_dict(private=False)]}


def signed(key: Any = KEY, alg: str = "RS256", kid: str | None = "a", **claims: Any) -> str:
    said = {name: value for name, value in {**CLAIMS, **claims}.items() if value is not None}
    header = {"alg": alg} | ({"kid": kid} if kid else {})
    return jwt.encode(header, said, key, algorithms=[alg])


def read(token: str, keys: KeySet | None = None, *, now: float = NOW) -> dict[str, Any]:
    chosen = key_set(PUBLISHED) if keys is None else keys
    return claims_of(token, chosen, issuer=ISSUER, client=CLIENT, nonce=NONCE, now=now)


def test_a_token_of_the_provider_for_us_and_for_this_sign_in_holds() -> None:
    assert read(signed())["sub"] == "248"
    assert read(signed(CURVE, "ES256", "b"))["sub"] == "248"
    assert read(signed(aud=[CLIENT, "other"], azp=CLIENT))["sub"] == "248"
    assert read(signed(kid=None), key_set({"keys": PUBLISHED["keys"][:1]}))["sub"] == "248"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"iss": f"{ISSUER}/"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other", "another"]},
        {"aud": [CLIENT, "other"]},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"aud": CLIENT, "azp": "other"},
        {"aud": []},
        {"aud": None},
        {"exp": NOW - 31},
        {"exp": None},
        {"exp": True},
        {"exp": "2099-01-01"},
        {"iat": NOW + 31},
        {"iat": None},
        {"nbf": NOW + 31},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": [NONCE]},
        {"sub": None},
        {"sub": ""},
        {"sub": 248},
        {"sub": "s" * 256},
    ],
)
def test_a_token_that_says_something_else_does_not_hold(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(signed(**claims))


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert read(signed(), now=NOW + 329)["sub"] == "248"
    assert read(signed(), now=NOW - 30)["sub"] == "248"
    for now in (NOW + 331, NOW - 31):
        with pytest.raises(TokenRefused):
            read(signed(), now=now)


def test_a_token_that_somebody_else_signed_does_not_hold() -> None:
    for forged in (signed(OTHER), signed(OTHER, kid="c"), signed()[:-4] + "AAAA"):
        with pytest.raises(UnknownKey):
            read(forged)
    with pytest.raises(UnknownKey):
        read(signed(), KeySet([]))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_token_without_a_signature_does_not_hold() -> None:
    head, body, _ = signed(alg="none").split(".")
    for token in (f"{head}.{body}.", signed(alg="none", kid=None), f"{head}.{body}.AAAA"):
        with pytest.raises(TokenRefused):
            read(token)


def keyed(secret: bytes) -> str:
    """The same token, authenticated with HS256: the library would refuse to make some of them."""
    parts = ({"alg": "HS256", "kid": "a"}, CLAIMS)
    head, body = (urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts)
    tag = hmac.digest(secret, head + b"." + body, "sha256")
    return b".".join((head, body, urlsafe_b64encode(tag).rstrip(b"="))).decode()


def test_what_we_share_with_the_provider_or_everybody_signs_nothing() -> None:
    shared = OctKey.import_key("the secret of the client", {"kid": "a"})
    published = key_set({"keys": [shared.as_dict(), *PUBLISHED["keys"]]})
    for secret in (
        KEY.as_pem(private=False),
        KEY.as_der(private=False),
        b"the secret of the client",
    ):
        for keys in (key_set(PUBLISHED), published, KeySet([shared])):
            with pytest.raises(TokenRefused):
                read(keyed(secret), keys)


def test_a_key_signs_with_its_own_algorithm() -> None:
    bound = key_set({"keys": [{**PUBLISHED["keys"][0], "alg": "PS256"}]})
    with pytest.raises(TokenRefused):
        read(signed(), bound)
    assert read(signed(alg="PS256"), bound)["sub"] == "248"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_keys_that_cannot_sign_for_us_are_passed_over() -> None:
    weak = RSAKey.generate_key(1024, {"kid": "weak"}).as_dict(private=False)
    shared = OctKey.import_key("s" * 32, {"kid": "shared"}).as_dict()
    for_encryption = {**PUBLISHED["keys"][0], "use": "enc"}
    broken = {"kty": "EC", "crv": "P-256", "x": "AA"}
    useless = [weak, shared, for_encryption, broken, {"kty": "ML-DSA"}, {}, "key"]

    assert [each.kid for each in key_set({"keys": [*useless, PUBLISHED["keys"][1]]})] == ["b"]
    assert [*key_set({}), *key_set({"keys": "none"})] == []


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "..", "é.é.é", "eyJ9.e30.AA"])
def test_what_is_no_token_does_not_hold(token: str) -> None:
    with pytest.raises(TokenRefused):
        read(token)
