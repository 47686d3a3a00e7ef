"""The settings of a run: `ANNALS_…` variables, `.env`, and `DATABASE_URL`."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.kernel.refusal import Stopped

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ANY = ("0.0.0.0", "::")  # noqa: S104 - each names all addresses


def _state() -> Path:
    """Where the user's programs keep what is no configuration (XDG Base Directory)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "annals"


class Settings(BaseSettings):
    """The settings of one run. Nothing else is read from the environment."""

    model_config = SettingsConfigDict(
        env_prefix="ANNALS_", env_file=".env", extra="ignore", frozen=True
    )

    home: Path = Path(".annals")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65_535)
    published_on: str | None = Field(
        default=None,
        description="For a container: this machine's address on which its port is published.",
    )
    tls_cert: Path | None = None
    tls_key: Path | None = None
    proxy: str | None = Field(default=None, description="The proxy that does TLS.")
    name: str | None = Field(default=None, description="The host names of the server.")
    alive_file: Path | None = Field(
        default=None, description="A file that the worker touches at each turn."
    )
    key: SecretStr | None = Field(default=None, description="The key of `annals call`.")
    key_file: Path | None = None
    state: Path = Field(
        default_factory=_state, description="Where `annals sign-in` keeps the token of a session."
    )
    second_factor_keys_file: Path | None = Field(
        default=None, description="The keys that seal the second factors, newest first."
    )
    oidc_issuer: str | None = Field(
        default=None, description="The provider of OpenID Connect through which people sign in."
    )
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    oidc_redirect_base: str | None = Field(
        default=None, description="This server's own address, as browsers know it."
    )
    oidc_claim: str | None = Field(
        default=None, description="The claim of `annals user link --expect`, such as `email`."
    )
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_password_file: Path | None = Field(
        default=None, validation_alias="DATABASE_PASSWORD_FILE"
    )


def require_guarded(host: str, published_on: str | None = None, *, guarded: bool = False) -> str:
    """The host to bind to; Stopped for one that others reach, unless the way there is guarded.

    A container listens on its own address, so there `published_on` must be this machine's.
    """
    if guarded or (published_on or host) in LOOPBACK:
        return host
    raise Stopped("command-line.not-this-machine", host=published_on or host)
