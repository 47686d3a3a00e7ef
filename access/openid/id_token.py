"""ID tokens: whether one is the provider's, for us, for this sign-in, and of this moment.

OpenID Connect Core 1.0, 3.1.3.7. Only public-key signatures count: our secret signs nothing.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
KEY_TYPES = ("RSA", "EC")
RSA_CHARACTERS_MIN = 342  # 2048 bits in base64url
LEEWAY_SECONDS = 30
SUBJECT_CHARACTERS_MAX = 255


class TokenRefused(Exception):
    """The token proves nothing; the text says why, for the log."""


class UnknownKey(TokenRefused):
    """No key of the set signed the token: the set may be older than the key."""


def key_set(found: Mapping[str, Any]) -> KeySet:
    """The keys of a JWKS that can sign for us; others in it are passed over."""
    listed = found.get("keys")
    keys = []
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and _signs(each):
            try:
                keys.append(JWKRegistry.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return KeySet(keys)


def _signs(key: Mapping[str, Any]) -> bool:
    if key.get("kty") not in KEY_TYPES or key.get("use", "sig") != "sig":
        return False
    return key["kty"] != "RSA" or len(str(key.get("n", ""))) >= RSA_CHARACTERS_MIN


def claims_of(
    token: str, keys: KeySet, *, issuer: str, client: str, nonce: str, now: float
) -> dict[str, Any]:
    """What the token says, if all of it holds; raises TokenRefused. `now` in seconds."""
    if not keys:
        raise UnknownKey("no key")
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        ).validate(claims)
    except (InvalidKeyIdError, BadSignatureError):
        raise UnknownKey("signature") from None
    except JoseError as problem:
        raise TokenRefused(f"{problem.error}: {problem.description}") from None
    except (ValueError, TypeError, KeyError) as problem:
        raise TokenRefused(type(problem).__name__) from None
    _require_ours(claims, client, nonce)
    return claims


def _require_ours(claims: Mapping[str, Any], client: str, nonce: str) -> None:
    """What the library does not look at."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client if len(audience) == 1 else None) != client:
        raise TokenRefused("azp")
    said = claims["nonce"]
    if not (isinstance(said, str) and compare_digest(said.encode(), nonce.encode())):
        raise TokenRefused("nonce")
    if not 0 < len(claims["sub"]) <= SUBJECT_CHARACTERS_MAX:
        raise TokenRefused("sub")
